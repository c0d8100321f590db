"""Ready-made playbooks for risks in use: less of it than before, and an incident."""

from playbooks.playbooks.library.parts import (
    RESOLVED,
    Ready,
    branch,
    email,
    ended,
    lacks,
    notice,
    recommendation,
    signal_of,
    task,
    wait,
    wait_for,
)

DROP = ("users-fell", "activity-fell", "silent-account", "days-fell", "breadth-fell")
INCIDENT = {"kind": "signal", "keys": [], "signal_kinds": ["incident"], "severity": 1}

ADOPTION_DROP = Ready(
    key="adoption-drop",
    name="Adoption drop",
    purpose="Use has fallen: find the cause in a week, agree a way back, and check that it worked.",
    starts="When an indicator of falling use raises a signal",
    trigger=signal_of(*DROP),
    stages=["adopting", "established", "renewing"],
    success="Use is back, and stays.",
    measures=[lacks(*DROP), RESOLVED],
    window_days=60,
    steps=[
        task(
            "cause",
            "Find out what fell, and for whom",
            due=2,
            done_when="You can say which people stopped which feature since when, and what you believe the "
            "cause is.",
            how_to="Start from the evidence of the signal, not from a call.\n\n"
            "1. Open the metric: did it fall at once (access, release, incident) or slowly (habit, season)?\n"
            "2. By person: did a few stop altogether, or do all do less?\n"
            "3. By feature: everything, or one step of their work?\n"
            "4. What happened in the days before: incident, new contact, reorganisation, holidays?\n\n"
            "A season or holidays that explain it: end the task with “Explained”.",
            outcomes=["Needs a talk", "Explained"],
        ),
        branch("explained", "Is it explained?", ended("cause", "Explained"), yes="watch", no="ask"),
        email("ask", "adoption-drop", "Ask the champion what changed"),
        wait("answer", 3, "Give them three working days", working=True),
        task(
            "talk",
            "Talk it through with the champion",
            due=3,
            done_when="The cause is named by the customer, and one obstacle is chosen to be removed.",
            how_to="No answer yet? Call; then write to a second contact.\n\n"
            "- Show the numbers and stop talking. Let them explain.\n"
            "- Ask what people do instead. That is the real competitor.\n"
            "- Choose **one** obstacle with them, who removes it, and by when.",
            outcomes=["Way back agreed", "They decided to use it less", "Not reached"],
        ),
        branch(
            "agreed", "Is there a way back?", ended("talk", "Way back agreed"), yes="session", no="escalate"
        ),
        task(
            "session",
            "Remove the obstacle with the people concerned",
            due=7,
            done_when="Those who had stopped did their work in the product again, once, with you.",
            how_to="Invite those who stopped, by name; five people at most. Work on something real. If the "
            "obstacle is "
            "ours (a bug, a missing permission), bring whoever can solve it into the session.",
        ),
        recommendation(
            "practice",
            "Take one practice up again",
            text="Agree with your team on the one piece of work that is done in the product from now on, "
            "every time.",
            why="After a fall, use comes back where one practice is fixed, not where everything is repeated.",
            then="watch",
        ),
        notice(
            "escalate",
            "Use has fallen and there is no way back yet. Please decide who talks to the sponsor.",
            to="managers",
            title="Tell the managers",
        ),
        task(
            "sponsor",
            "Talk to the sponsor about the result",
            due=5,
            done_when="The sponsor has said whether the result still matters, and what follows from it.",
            how_to="Not about use: about the result they bought it for. Bring the plan with its last "
            "measured value, "
            "what it would cost to let it go, and two options. Write down the decision in the plan.",
            role="manager",
        ),
        wait_for(
            "watch", {"kind": "signal", "is": "resolved"}, 28, "Watch for four weeks whether use comes back"
        ),
        task(
            "close",
            "Note what worked",
            due=3,
            done_when="The signal has an outcome, and the cause stands in a note.",
            how_to="One sentence on the cause, one on what helped. If use has not come back: change the "
            "plan with the "
            "customer so that it says what is still to be reached, and tell your manager before the "
            "renewal does.",
        ),
    ],
)

INCIDENT_FOLLOW_UP = Ready(
    key="incident-follow-up",
    name="Incident follow-up",
    purpose="A customer worked with the product while it was disturbed: be the first to tell, and make it "
    "good.",
    starts="When a signal of the kind incident is raised",
    trigger=INCIDENT,
    success="The customer knows what happened, and what was open is settled.",
    measures=[RESOLVED],
    window_days=21,
    rest_days=7,
    steps=[
        task(
            "facts",
            "Get the facts before you write",
            due=1,
            done_when="You know what happened, who of this account was active then, and what is different "
            "now.",
            how_to="The signal's evidence lists who was active. From engineering you need three sentences "
            "that a customer "
            "understands: what happened, for how long, what was changed. Do not write without the third.",
        ),
        email("sorry", "incident-follow-up", "Tell the people who were affected", to="exposed"),
        task(
            "call",
            "Call the champion",
            due=2,
            done_when="You know what the disruption cost them, and what they expect now.",
            how_to="Listen first. Ask whether somebody else was let down by it: their customer, their "
            "board. Promise only "
            "what you can keep, with a date. Note expectations about credits; do not decide about them "
            "alone.",
            outcomes=["Settled", "Expects something"],
        ),
        branch("settled", "Is it settled?", ended("call", "Settled"), yes="close", no="make_good"),
        task(
            "make_good",
            "Decide how to make it good",
            due=3,
            role="manager",
            done_when="The customer has an answer in writing, with a date.",
            how_to="Look at the contract's service level, what it cost the customer, and their renewal. "
            "Often the best "
            "remedy is help with what was late, not a credit. Tell the CSM the reason for your decision.",
        ),
        wait("quiet", 7, "Wait a week"),
        task(
            "close",
            "Check that use is back, and close",
            due=2,
            done_when="Use is as it was before the incident; the signal has an outcome.",
            how_to="Compare the week after with the week before. Somebody has not come back? Write to them "
            "personally.",
        ),
    ],
)

RISKS = (ADOPTION_DROP, INCIDENT_FOLLOW_UP)
