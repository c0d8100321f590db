"""The ready-made playbook for renewals."""

from playbooks.playbooks.library.parts import (
    Ready,
    branch,
    change_stage,
    email,
    ended,
    notice,
    task,
    until_renewal,
)

RENEWAL = Ready(
    key="renewal",
    name="Renewal 120/90/60/30",
    purpose="Four months before the renewal: results first, then the agreement, with no surprise in the "
    "last month.",
    starts="120 days before the renewal date",
    trigger={"kind": "date", "date": "renewal", "days": -120},
    stages=["onboarding", "adopting", "established", "renewing"],
    success="The customer has renewed: the account is established again.",
    measures=[{"kind": "stage", "in": ["established"]}],
    window_days=150,
    rest_days=200,
    steps=[
        change_stage("renewing", "renewing", "Set the stage to renewing"),
        task(
            "assess",
            "120 days: judge the renewal honestly",
            due=5,
            done_when="The forecast (renews, at risk, leaves) has a reason that somebody else would accept.",
            how_to="Answer in writing, with a number or a name each:\n\n"
            "1. Which result did they buy it for, and what was measured?\n"
            "2. Who decides, who signs, and when did we last speak with them?\n"
            "3. What is open: tickets, promises, incidents?\n"
            "4. What else could they do instead, including nothing?\n\n"
            "No result that can be shown is a risk, however friendly they are.",
            outcomes=["Renews", "At risk"],
        ),
        branch("risk", "Is it at risk?", ended("assess", "At risk"), yes="rescue", no="ninety"),
        task(
            "rescue",
            "Agree a rescue plan with your manager",
            due=5,
            role="manager",
            done_when="One missing result is chosen, with people and dates on both sides, before day 90.",
            how_to="There is time for one result, not for three. Choose the one that whoever decides would "
            "miss. Say to the "
            "customer openly that it is missing; it builds more trust than a good face.",
        ),
        until_renewal("ninety", 90, "Wait until 90 days before the renewal"),
        email("ahead", "renewal-ahead", "90 days: invite to look at the results"),
        task(
            "value",
            "Show the results, and agree next year's target",
            due=10,
            done_when="The value-progress report was discussed with whoever decides; next year's objective "
            "is written.",
            how_to="Send the report two days ahead. In the meeting: results for 10 minutes, what did not "
            "work for 10, next "
            "year for 25. Do not talk of prices until they have said what they want to reach.",
            outcomes=["Wants to go on", "Undecided", "Wants to leave"],
        ),
        branch("leaves", "Do they want to leave?", ended("value", "Wants to leave"), yes="stop", no="sixty"),
        until_renewal("sixty", 60, "Wait until 60 days before the renewal"),
        task(
            "offer",
            "60 days: send the offer",
            due=5,
            done_when="The offer has arrived with whoever signs, and they know the steps until the "
            "signature.",
            how_to="Ask for the way through their house: legal, purchasing, security, and how long each "
            "takes. Count back "
            "from the renewal. Put the measured result into the first line of the offer.",
        ),
        until_renewal("thirty", 30, "Wait until 30 days before the renewal"),
        task(
            "sign",
            "30 days: get the signature, or know why not",
            due=10,
            done_when="It is signed, or the reason and the date are known.",
            how_to="Call, do not write. Ask what is missing and who has it now. Nothing should be new to "
            "anybody at this "
            "point; if something is, tell your manager today.",
            outcomes=["Signed", "Late", "Lost"],
        ),
        branch("signed", "Is it signed?", ended("sign", "Signed"), yes="established", no="stop"),
        change_stage("established", "established", "Set the stage to established", then="end"),
        notice(
            "stop",
            "The renewal is in doubt. Please decide today who talks to whom.",
            to="managers",
            title="Tell the managers",
        ),
        task(
            "last",
            "Make the last proposal, or a good farewell",
            due=5,
            role="manager",
            done_when="There is a decision, and its reason is noted in the customer's words.",
            how_to="Talk to whoever decides. A smaller contract with one result beats a discount on "
            "everything. If they "
            "leave: help with the export, keep the door open, note the reason. The win-back playbook "
            "starts there.",
        ),
    ],
)
