"""Ready-made playbooks for beginnings: onboarding, a quiet trial, and a second one after a customer left."""

from playbooks.playbooks.library.parts import (
    Ready,
    branch,
    change_stage,
    email,
    ended,
    recommendation,
    signal_of,
    task,
    wait,
)

ONBOARDING = Ready(
    key="onboarding",
    name="Onboarding to the first result",
    purpose="From the contract to a first measured result: agree what it is, get the people to it, prove it.",
    starts="On the day an account becomes a customer",
    trigger={"kind": "date", "date": "onboarding", "days": 0},
    stages=["onboarding"],
    success="The account has reached its first result and works with the product on its own.",
    measures=[{"kind": "stage", "in": ["adopting", "established", "renewing"]}],
    window_days=90,
    rest_days=365,
    steps=[
        task(
            "handover",
            "Take the account over from sales",
            due=2,
            done_when="Why they bought, who decided and what was promised stands on the account's page.",
            how_to="Ask the colleague who sold it, for 20 minutes:\n\n"
            "1. In the customer's own words: why did they buy, and why now?\n"
            "2. Who decided, who will use it, who was against it?\n"
            "3. What was promised that is not in the contract?\n\n"
            "Write the first answer word for word into “Why they bought”. Add the people with their roles.",
        ),
        email("welcome", "welcome", "Welcome the champion"),
        task(
            "kickoff",
            "Hold the kick-off: one objective, one number, one date",
            due=7,
            done_when="The success plan has at least one objective with a baseline, a target and a due date.",
            how_to="Plan 60 minutes with whoever answers for the result, not only with administrators.\n\n"
            "- Open with their reason to buy, and ask whether it still holds.\n"
            "- Ask: “How will you know in three months that it was worth it?” Repeat until there is a "
            "number.\n"
            "- Measure the baseline before anything changes; without it nothing can be shown later.\n"
            "- Agree who does what until when, on both sides.\n\n"
            "Write the plan in the meeting, and share it in the portal the same day.",
            outcomes=["Plan agreed", "Not agreed yet"],
        ),
        branch("agreed", "Is there a plan?", ended("kickoff", "Plan agreed"), no="sponsor", yes="training"),
        task(
            "sponsor",
            "Bring the sponsor in, and agree the plan with them",
            due=5,
            done_when="The sponsor has said which result counts; the plan is shared.",
            how_to="A kick-off without a plan mostly means that the person in the room could not decide. "
            "Thank them, "
            "and ask who can. Send that person one page: their reason to buy, two or three candidates for "
            "the "
            "number, and a proposal. Half an hour is enough to choose.",
        ),
        task(
            "training",
            "Train the first users on their own work",
            due=8,
            done_when="Everybody who was named in the kick-off has done one real piece of work in the "
            "product.",
            how_to="Do not present features. Let each person bring a piece of work that is due this week "
            "and do it "
            "in the product while you watch. Note where they stop: that is the next help article. Give those "
            "who could not come a second date at once.",
        ),
        recommendation(
            "habit",
            "Make it a weekly habit",
            text="Agree on one fixed time a week at which the team looks at its results together.",
            why="Teams that look at their numbers together each week keep what they began.",
        ),
        wait("settle", 14, "Let people work with it for two weeks"),
        email("check", "onboarding-check", "Ask what is in the way"),
        task(
            "review",
            "Check the first result with the customer",
            due=5,
            done_when="Baseline and the value of today are shown to the champion, and they say what it "
            "means.",
            how_to="Open the plan's progress together. Three cases:\n\n"
            "- **Reached or on the way**: ask for a sentence that you may quote. Agree the next target.\n"
            "- **No movement, used**: the practice is missing. Pick one behaviour of the next level and "
            "train it.\n"
            "- **Not used**: find out who does not, and why. Go back to their own work, not to features.",
            outcomes=["On the way", "Needs help"],
        ),
        branch("works", "Is it on the way?", ended("review", "On the way"), yes="adopting", no="help"),
        task(
            "help",
            "Agree a rescue of two weeks",
            role="manager",
            due=3,
            done_when="A named person on each side works on one obstacle, with a date.",
            how_to="Decide with the CSM on the one obstacle that matters: data, access, time or will. Data "
            "and access "
            "are ours: get somebody for it today. Time and will are the sponsor's: call them.",
            then="end",
        ),
        change_stage("adopting", "adopting", "Move on to adopting"),
    ],
)

TRIAL_RESCUE = Ready(
    key="trial-rescue",
    name="Trial rescue",
    purpose="A trial went quiet before it saw a result: one session, one result, then a decision.",
    starts="When activity of a trial falls, or nobody signs in",
    trigger=signal_of("silent-account", "first-steps-late", "activity-fell"),
    stages=["trial", "freemium"],
    success="The trial became a customer.",
    measures=[{"kind": "stage", "in": ["onboarding", "adopting", "established"]}],
    window_days=45,
    rest_days=60,
    steps=[
        task(
            "look",
            "Find out how far they got",
            due=1,
            done_when="You can say in one sentence what they tried, and where they stopped.",
            how_to="Look at the account's use: which features, by whom, when last. Compare it with the "
            "shortest way to "
            "a first result. Most trials stop at one of three places: no data in, nobody invited, or a "
            "result that "
            "nobody looked at. Name the place.",
        ),
        email("offer", "trial-rescue", "Offer one session for one result"),
        wait("answer", 3, "Give them three working days to answer", working=True),
        task(
            "session",
            "Hold the session with their own data",
            due=4,
            done_when="They saw one result with their own data, or said why not.",
            how_to="No answer to the e-mail? Call, once, and leave the same offer. In the session:\n\n"
            "1. Ask for the one question they wanted answered.\n2. Set up only what that needs.\n"
            "3. Stop when it is answered, and ask what it is worth to them.",
            outcomes=["Saw a result", "No interest", "Not reached"],
        ),
        branch("saw", "Did they see a result?", ended("session", "Saw a result"), yes="decide", no="learn"),
        task(
            "decide",
            "Agree on the decision and its date",
            due=5,
            done_when="There is a date on which they decide, and who decides is known.",
            how_to="Write down with them what has to be true for a yes. Offer to prepare the page for "
            "whoever signs. If "
            "they need more time, extend the trial once, with that date.",
            then="end",
        ),
        task(
            "learn",
            "Close the trial kindly and note why",
            due=3,
            done_when="The reason is noted on the account in the customer's own words.",
            how_to="Ask one question: “What were you hoping for that you did not find?” Note the answer "
            "word for word. "
            "Offer to write again when that has changed, and do not write otherwise.",
        ),
    ],
)

WIN_BACK = Ready(
    key="win-back",
    name="Win-back",
    purpose="Some time after a customer left: learn why, and come back with what has changed.",
    starts="When the stage of an account changes to churned",
    trigger={"kind": "stage", "to": ["churned"]},
    stages=["churned"],
    success="The account is a customer again.",
    measures=[{"kind": "stage", "in": ["onboarding", "adopting", "established", "renewing"]}],
    window_days=270,
    rest_days=365,
    steps=[
        task(
            "exit",
            "Hold the exit conversation",
            due=5,
            done_when="The reason stands on the account, in their words, and whether we could have known "
            "it earlier.",
            how_to="Somebody other than the CSM asks, for 20 minutes, and defends nothing:\n\n"
            "- When did you first think of leaving? What happened then?\n"
            "- What did we not see? What will you use instead?\n"
            "- What would have had to be different?\n\n"
            "Thank them, make the leaving easy, and say that you may ask again in half a year.",
            role="manager",
            outcomes=["Could come back", "Gone for good"],
        ),
        branch("open", "Could they come back?", ended("exit", "Could come back"), no="close"),
        wait("time", 120, "Give it four months"),
        task(
            "changed",
            "Check what has changed since they left",
            due=5,
            done_when="You know whether their reason still exists.",
            how_to="Read their reason. Has what they missed been built, or has the price, the contact or "
            "their company "
            "changed? Look for news of the company. If nothing has changed, stop here and say so: writing "
            "without "
            "a reason closes the door.",
            outcomes=["Their reason is gone", "Nothing has changed"],
        ),
        branch("reason", "Is there a reason to write?", ended("changed", "Their reason is gone"), no="close"),
        email("write", "win-back", "Write to the former champion"),
        wait("reply", 10, "Wait for an answer", working=True),
        task(
            "call",
            "Call, show the one thing, and ask",
            due=5,
            done_when="They have said yes, no, or when.",
            how_to="Show only what answers their reason; 15 minutes. Offer a start that risks little: a "
            "pilot with one "
            "team and one number. A clear no is a good end: note it.",
            then="end",
        ),
        task(
            "close",
            "Close the file",
            due=5,
            done_when="The lesson is in the notes, and the team has heard of it.",
            how_to="Two sentences: what we missed, and which signal could have told us. If an indicator is "
            "missing for "
            "it, propose it to the manager.",
        ),
    ],
)

BEGINNINGS = (ONBOARDING, TRIAL_RESCUE, WIN_BACK)
