"""Ready-made playbooks for what grows: business review, upsell, advocates."""

from playbooks.playbooks.library.parts import (
    RESOLVED,
    Ready,
    branch,
    email,
    ended,
    lacks,
    notice,
    signal_of,
    task,
    wait,
)

PAYWALL = ("paywall-hit", "seats-near")
ADVOCATE = ("nps-high", "users-rose")

QBR_PREPARATION = Ready(
    key="qbr-preparation",
    name="Business review preparation",
    purpose="Three weeks from the invitation to the minutes, so that the review decides something.",
    starts="By hand, when a review is due",
    trigger={"kind": "manual"},
    stages=["adopting", "established", "renewing"],
    success="The review was held and the customer agreed the next target: the account is on level with its "
    "plan.",
    measures=[{"kind": "outcome", "step": "hold", "is": "Decision taken"}],
    window_days=40,
    rest_days=60,
    steps=[
        email("invite", "qbr-invitation", "Invite, and ask for their question"),
        task(
            "numbers",
            "Check the numbers, and correct what is wrong",
            due=5,
            done_when="Each target has a measured value that you can explain, or is marked as having no "
            "data.",
            how_to="Open the plan and click every number down to its measurements. A number that the "
            "customer corrects in "
            "the room costs the whole review. Ask for outcome numbers that only they have, now, not the "
            "day before.",
        ),
        task(
            "draft",
            "Write the review, with one proposal",
            due=3,
            done_when="The draft has commentary in your words and one proposal for the next quarter.",
            how_to="Generate the business review, then edit:\n\n"
            "- Begin with their question, and answer it in a sentence.\n"
            "- Say what did not work before they do.\n"
            "- Propose **one** next step up the maturity ladder, and what it would bring.",
        ),
        task(
            "send",
            "Issue it three days ahead",
            due=3,
            done_when="The review is issued and sent to everybody who will be there.",
            how_to="Issue it so that it is frozen, share it in the portal, and write two lines: the answer "
            "to their "
            "question, and the decision that you ask for.",
        ),
        task(
            "hold",
            "Hold the review",
            due=5,
            done_when="There is a decision about the next quarter, and who does what.",
            how_to="Do not read it out. “You have seen it: what surprised you?” Keep half of the time for "
            "next quarter. "
            "Name the decision aloud before you leave.",
            outcomes=["Decision taken", "Postponed", "Nobody came"],
        ),
        branch(
            "decided", "Was something decided?", ended("hold", "Decision taken"), yes="minutes", no="again"
        ),
        task(
            "again",
            "Find out why, and offer a shorter one",
            due=5,
            done_when="There is a new date, or you know who should have been there.",
            how_to="A review that nobody attends is a signal in itself. Offer 20 minutes with the one "
            "proposal, and ask "
            "whether somebody else should see it.",
            then="end",
        ),
        task(
            "minutes",
            "Write it into the plan the same day",
            due=1,
            done_when="The plan has the new target, its owner and its date; the minutes are a note with "
            "attendees.",
            how_to="Add the target as a revision, with the reason from the meeting. Make a task for "
            "everything that you "
            "promised.",
        ),
    ],
)

UPSELL = Ready(
    key="upsell-paywall",
    name="Upsell at the paywall",
    purpose="People ran into a limit of their plan: help first, then show what the next step is worth.",
    starts="When somebody hits the paywall, or seats run out",
    trigger=signal_of(*PAYWALL),
    stages=["freemium", "adopting", "established"],
    success="The need is settled: the limit is hit no more.",
    measures=[lacks(*PAYWALL), RESOLVED],
    window_days=45,
    rest_days=60,
    steps=[
        task(
            "need",
            "Understand what they wanted to do",
            due=2,
            done_when="You know who hit which limit, how often, and for which piece of work.",
            how_to="From the signal's evidence: which feature or how many seats, by whom, since when. One "
            "curious person "
            "is no need; the same team every week is. Look whether the plan's objective would gain from it.",
            outcomes=["A real need", "Curiosity"],
        ),
        branch("real", "Is it a real need?", ended("need", "A real need"), yes="write", no="help"),
        email("write", "paywall", "Offer help first"),
        task(
            "case",
            "Work out what it would be worth",
            due=5,
            done_when="The customer has named the number that the upgrade would move.",
            how_to="Ask what they do instead today and what that costs. If there is a way without an "
            "upgrade, show it: you "
            "will be believed the next time. Otherwise write the case in their number, not in features.",
            outcomes=["Worth it", "Not worth it now"],
        ),
        branch("worth", "Is it worth it to them?", ended("case", "Worth it"), yes="hand_over", no="help"),
        notice(
            "hand_over",
            "A customer needs more than the plan includes, and knows what it is worth. Please make the "
            "offer.",
            to="managers",
            title="Hand over to whoever sells",
        ),
        task(
            "offer",
            "See the offer through",
            due=10,
            done_when="The customer has decided.",
            how_to="Stay in the conversation although somebody else sells: you know the objective. "
            "Afterwards put the new "
            "scope into the plan with a baseline of its own.",
            then="end",
        ),
        task(
            "help",
            "Show them the way with what they have",
            due=3,
            done_when="They know how to reach it today, and that they may ask again.",
            how_to="A short recording or ten minutes. Note the need on the account, so that it is there "
            "when it grows.",
        ),
    ],
)

ADVOCATES = Ready(
    key="advocate",
    name="Advocate programme",
    purpose="A customer has a result worth telling: thank them, ask for the smallest useful thing, give "
    "back.",
    starts="When they give a high NPS, or grow fast",
    trigger=signal_of(*ADVOCATE),
    stages=["adopting", "established", "renewing"],
    success="The customer has agreed to be a reference, in whatever form.",
    measures=[{"kind": "outcome", "step": "ask", "is": "Agreed"}],
    window_days=60,
    rest_days=180,
    steps=[
        task(
            "check",
            "Check that this is the moment",
            due=3,
            done_when="The result is measured, nothing serious is open, and the person who would speak is "
            "known.",
            how_to="Do not ask when a ticket is open, a renewal is being negotiated, or they spoke for us "
            "in the last six "
            "months. The result must be theirs: a number that improved by what they did.",
            outcomes=["Ask now", "Not now"],
        ),
        branch("now", "Ask now?", ended("check", "Ask now"), no="end"),
        task(
            "thank",
            "Thank them, personally",
            due=3,
            done_when="The people behind the result were thanked by name, with their number.",
            how_to="Write to their manager too, with a sentence they can forward. Ask for nothing in this "
            "message.",
        ),
        wait("pause", 5, "Let it stand for a few days", working=True),
        email("write", "advocate", "Ask for the smallest useful thing"),
        task(
            "ask",
            "Agree on what they would like to do",
            due=5,
            done_when="They have chosen, or said no, and it is noted on the account.",
            how_to="Offer three sizes: two sentences, a call with a peer, a story. Let them choose, and "
            "say that no is fine. "
            "Ask for consent in writing to use name and numbers.",
            outcomes=["Agreed", "Declined", "Later"],
        ),
        branch("agreed", "Did they agree?", ended("ask", "Agreed"), no="end"),
        task(
            "deliver",
            "Make it easy, and give something back",
            due=10,
            done_when="It is done, they approved it, and they got something in return that is worth it to "
            "them.",
            how_to="Write the draft for them. In return offer reach, a place in the advisory board or an "
            "early look at what "
            "comes; not a discount. Note when they may be asked again: not within six months.",
        ),
    ],
)

GROWTH = (QBR_PREPARATION, UPSELL, ADVOCATES)
