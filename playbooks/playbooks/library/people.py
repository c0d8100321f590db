"""Ready-made playbooks for people: a key contact who is gone, and a sponsor who is silent."""

from playbooks.playbooks.library.parts import (
    RESOLVED,
    Ready,
    branch,
    email,
    ended,
    lacks,
    recommendation,
    signal_of,
    task,
    wait,
)

SWITCH = ("main-contact-silent", "main-contact-left")
SILENCE = ("sponsor-silent",)
PAYING = ["onboarding", "adopting", "established", "renewing"]

SAFE_SWITCH = Ready(
    key="safe-switch",
    name="Safe switch",
    purpose="A key contact left or went silent: find the successor, meet the new team and train it.",
    starts="When a main contact or champion is gone or silent",
    trigger=signal_of(*SWITCH),
    stages=PAYING,
    success="The new team works with the product, and a new champion is known.",
    measures=[lacks(*SWITCH), RESOLVED],
    window_days=75,
    rest_days=60,
    steps=[
        task(
            "find",
            "Find out what happened to the contact",
            due=2,
            done_when="You know whether the contact left, changed role or is only away, and who takes over.",
            how_to="In this order, because each step is more visible to the customer than the one before:\n\n"
            "1. Look at the last sign-in, the last answer, and their public profile.\n"
            "2. Write to the contact. An automatic answer often names the successor.\n"
            "3. Ask another contact of the account: “Who looks after this now?”\n"
            "4. Call the switchboard.\n\n"
            "Holidays or parental leave with a date of return: end with “Only away”.",
            outcomes=["Left or changed", "Only away"],
        ),
        branch("gone", "Is the contact gone?", ended("find", "Left or changed"), yes="secure", no="away"),
        task(
            "secure",
            "Secure what the contact knew",
            due=2,
            done_when="Access, open agreements and the reason to buy are written down, and the leaver's "
            "access is "
            "in the hands of somebody else.",
            how_to="- Change the contact on the account; add the successor, with the role.\n"
            "- Check who is the administrator now. Nobody: ask the customer in writing to name one.\n"
            "- Write one page: why they bought, what was agreed, what was reached with numbers, what is "
            "open.\n"
            "- If the leaver goes to a company that could need us, note it as an opportunity there.",
        ),
        email("welcome", "new-team", "Write to the new contact", to="all"),
        task(
            "meet",
            "Meet the new contact",
            due=7,
            done_when="The new contact has confirmed or changed the objective of the plan.",
            how_to="Somebody new wants to make a mark: give them the chance with us, not against us.\n\n"
            "- Ask first what they want to have reached in 90 days, and how they will be measured.\n"
            "- Then show the page. Say plainly what has not worked.\n"
            "- Ask who decides on us, and whether the sponsor is still the same.\n"
            "- Put their objective into the plan, as a revision with the reason.",
            outcomes=["On board", "Sceptical", "Not reached"],
        ),
        branch("aboard", "Is the new contact on board?", ended("meet", "On board"), yes="train", no="raise"),
        task(
            "raise",
            "Have your manager meet their manager",
            due=5,
            role="manager",
            done_when="Somebody with the power to decide has said what they need in order to go on.",
            how_to="A sceptical successor mostly has a product they know from before, or was never told "
            "why this one was "
            "bought. Offer the comparison with similar companies, the results so far and a first success "
            "within 30 "
            "days. Not reached at all: go through the sponsor, and say that a person is missing.",
        ),
        task(
            "train",
            "Train the new team on its own work",
            due=10,
            done_when="Each new person has done one real piece of work in the product.",
            how_to="Two short sessions beat a long one. First session: the weekly routine, with their "
            "data. Second, a "
            "week later: what went wrong in between. Name a deputy for the champion, so that the next "
            "leaving "
            "does not start from nothing.",
        ),
        recommendation(
            "deputy",
            "Name a second person who knows the product",
            text="Please name a deputy for your main contact, and invite them to our next call.",
            why="When one person alone knows a tool, every change of staff puts the result at risk.",
        ),
        wait("settle", 21, "Let the new team work for three weeks"),
        task(
            "check",
            "Check that the switch held",
            due=3,
            done_when="The new team's use and the plan's progress were looked at together with the new "
            "contact.",
            how_to="Compare active people and the plan's main target with the four weeks before the "
            "switch. Down? Repeat "
            "the training with those who are missing. Then resolve the signal with its outcome.",
            then="end",
        ),
        task(
            "away",
            "Agree with the deputy until the contact is back",
            due=3,
            done_when="A deputy is known, and the date of return is noted.",
            how_to="Ask who stands in, offer them 20 minutes, and set yourself a task for the day of return.",
        ),
    ],
)

EXECUTIVE_SILENCE = Ready(
    key="executive-silence",
    name="Executive silence",
    purpose="The sponsor has not been heard of for long: show them the result before they ask for it.",
    starts="When the sponsor has been silent for too long",
    trigger=signal_of(*SILENCE),
    stages=["adopting", "established", "renewing"],
    success="The sponsor has answered, and the plan's objective is confirmed.",
    measures=[lacks(*SILENCE), RESOLVED],
    window_days=45,
    rest_days=90,
    steps=[
        task(
            "result",
            "Prepare the result in three lines",
            due=3,
            done_when="A value-progress report is issued, and its first lines say what changed in their "
            "number.",
            how_to="Executives read three lines. Line 1: what you wanted to reach. Line 2: where it "
            "stands, against the "
            "day you began. Line 3: what we propose next. If line 2 is bad, say it first, with the reason.",
        ),
        email("note", "executive-note", "Write to the sponsor", to="sponsor"),
        wait("answer", 5, "Wait five working days", working=True),
        task(
            "through",
            "Ask the champion to open the door",
            due=3,
            done_when="The sponsor has answered, or you know who takes their place.",
            how_to="Answered already? End with “Answered”. Otherwise ask your champion: “What does your "
            "sponsor care about "
            "this quarter?” and “May I send you two lines that you forward?” Write those two lines for them.",
            outcomes=["Answered", "Somebody else decides now", "No answer"],
        ),
        branch("answered", "Was there an answer?", ended("through", "Answered"), yes="meeting", no="peer"),
        task(
            "peer",
            "Have one of our executives write to theirs",
            due=5,
            role="manager",
            done_when="An executive of ours has written or called, and knows the three lines.",
            how_to="Choose whoever has most in common with the sponsor: role, industry, an earlier "
            "meeting. Give them the "
            "three lines and one question. A short personal message works better than a formal one.",
        ),
        task(
            "meeting",
            "Confirm the objective with the sponsor",
            due=10,
            done_when="The sponsor has confirmed or changed the objective; the plan says so.",
            how_to="20 minutes, no slides. “Is this still one of your priorities?” If not, ask which is, "
            "and what part of "
            "it we can carry. Agree when they want to hear of it next, and put that into your calendar.",
        ),
    ],
)

PEOPLE = (SAFE_SWITCH, EXECUTIVE_SILENCE)
