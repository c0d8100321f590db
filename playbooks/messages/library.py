"""Ready-made e-mails, for people and for the ready-made playbooks; each a start that a team makes its own."""

import re

from playbooks.messages.templates import Draft

GREETING = "Hello {{contact.first_name|there}},\n\n"
# Lines end here where the source does; in a mail they run on, but for paragraphs and lists.
LINE_END = re.compile(r"(?<!\n)\n(?!\n|- |\d\. )")
CLOSE = "\n\nBest regards,\n{{sender.name}}\n{{workspace.name}}"


def _mail(key: str, name: str, purpose: str, subject: str, text: str) -> Draft:
    body = GREETING + LINE_END.sub(" ", text.strip()) + CLOSE
    return Draft(key=key, name=name, purpose=purpose, subject=subject, body=body)


LIBRARY = {
    mail.key: mail
    for mail in (
        _mail(
            "welcome",
            "Welcome",
            "The first message after the contract: who you are, and what happens next.",
            "Getting {{account.name}} started",
            """
I am your contact at {{workspace.name}}, and my job is that {{account.name}} gets what it bought us for.

To begin with I need half an hour with you. I would like to hear, in your words, what should be better in
three months, how you measure that today, and who will work with us day to day. From that I write a one-page
plan with numbers, which you can change.

Which of the next five working days suits you? Please bring whoever will answer for the result.
""",
        ),
        _mail(
            "onboarding-check",
            "Onboarding: how the first weeks went",
            "Two weeks after the kick-off: what has happened, and what holds people up.",
            "Two weeks in: what is still in the way at {{account.name}}?",
            """
Your team has been working with us for two weeks now. Before habits set, two short questions:

1. What did people expect to find, and did not?
2. Who has not started yet, and what keeps them?

A one-line answer to each is enough. I will come back with a fix or a session for exactly that.
""",
        ),
        _mail(
            "adoption-drop",
            "Adoption drop: what changed?",
            "Less use than before: ask what changed, without blame, with an offer.",
            "Fewer people of {{account.name}} are working with us: what changed?",
            """
I look at how {{account.name}} uses our product so that I can help early. In the last weeks it has become
clearly less than it was before.

There may be a good reason: a season, a project that ended, a reorganisation. If there is, tell me and I stop
asking. If something is in the way, I would rather know this week than at the renewal.

Could you spare 20 minutes in the next days? I bring the numbers, you tell me what is behind them.
""",
        ),
        _mail(
            "new-team",
            "Safe switch: welcome to the new contact",
            "To the successor of a contact who left: what they take over, and an offer to train them.",
            "Taking over {{workspace.name}} at {{account.name}}",
            """
I understand that you are taking over the work with us at {{account.name}}. That is a good moment to check
whether what was agreed still fits.

I have prepared one page: why {{account.name}} bought, what was agreed, what has been reached so far with
numbers, and what is open. Where it stands today: {{plan.progress|we go through it together}}. In 30 minutes I
take you through it, and you say what should change.

I also hold a short training for everybody who is new. Who should be there?
""",
        ),
        _mail(
            "executive-note",
            "Executive silence: the result in three lines",
            "To a sponsor who has not been heard of: the result, briefly, and one question.",
            "{{account.name}} and {{workspace.name}}: the result so far",
            """
You decided for {{workspace.name}}, so you should know what came of it. In one line:
{{plan.progress|I would like to show you}}. The value-progress report shows what you wanted to reach, where it
stands and what it is based on.

One question only you can answer: is this still one of your priorities for the next two quarters? If it has
changed, we adapt the plan. 20 minutes would be enough, and I will bring no slides.
""",
        ),
        _mail(
            "renewal-ahead",
            "Renewal: what was reached, and what next",
            "About 90 days before the renewal: results first, then the next year.",
            "{{account.name}}: what was reached, and the next year",
            """
Your agreement with us renews on {{account.renewal_on|its next date}}. Before anybody talks of prices I would
like to go through what was reached against what you wanted ({{plan.progress|target by target}}), and what
should be different in the next year.

I send the report with all numbers two days ahead. Who else should see it before the decision?

Does one of the next ten working days suit you for 45 minutes?
""",
        ),
        _mail(
            "qbr-invitation",
            "Business review: invitation",
            "Invites to the review, and asks what must be on its agenda.",
            "Our business review: what must be on the table?",
            """
It is time for our business review. I prepare the results of “{{plan.title|our plan}}” against your targets,
the comparison with similar companies and a proposal for the next quarter.

So that the hour is worth it to you: which one question must be answered when we leave the room? And who has
to be there to decide?

I send everything three days ahead, so that we need not read it together.
""",
        ),
        _mail(
            "incident-follow-up",
            "Incident: what happened, and what we changed",
            "After an incident: plainly what happened, who was affected, what is different now.",
            "The disruption at {{account.name}}: what happened, and what we changed",
            """
People of {{account.name}} were working with our product when it did not work as it should. I am sorry for
the time this cost you.

I would like to tell you in person what happened, what we have changed so that it does not happen again, and
to hear what it meant for your work. If something you had promised to others was late because of it, tell
me and we look for a way to make it good.

When can I call you?
""",
        ),
        _mail(
            "paywall",
            "Upsell: what people were looking for",
            "Somebody ran into the limit of the plan: help first, then the offer.",
            "Your team at {{account.name}} has reached a limit",
            """
Some of your colleagues tried to do something that your present agreement does not include. Before we talk
about an upgrade I would like to understand what they wanted to achieve: sometimes there is a way with what
you have.

If there is not, I show you what the next step would cost and what it would have to bring to be worth it.
Is 20 minutes this week possible?
""",
        ),
        _mail(
            "advocate",
            "Advocate: may we tell your story?",
            "To a customer with a result worth telling: a small request, with a choice.",
            "What {{account.name}} has reached is worth telling",
            """
What your team has reached is well above what most companies manage, and that is your work:
{{plan.progress|you got where you wanted to be}}. Others could learn from it.

Would you help us with one of these, whichever is least effort for you?

- a call of 20 minutes with a company that is where you were a year ago
- two sentences with your name that we may quote
- a short story with your numbers, which you approve line by line

No is a fine answer, too.
""",
        ),
        _mail(
            "win-back",
            "Win-back: what would have to be different?",
            "Some time after a customer left: ask, show what has changed, no pressure.",
            "What would have had to be different?",
            """
{{account.name}} left us some time ago. I am not writing to sell: I would like to understand what we should
have done differently, because it is the only way we get better.

In the meantime some things that were said to be missing have changed. If one of them was your reason, I show
it to you in 15 minutes, and you decide whether it is worth a second look.
""",
        ),
        _mail(
            "trial-rescue",
            "Trial: let us reach one result",
            "A trial that has gone quiet: one result, one session.",
            "Your trial: one result before it ends",
            """
You began a trial with us and I can see that it has become quiet. Usually there was no time, or the first
result was further away than expected.

Tell me the one thing you wanted to try, and I set it up with you in a session of 30 minutes, with your own
data. Then you can judge. If we cannot show it, I will say so.
""",
        ),
    )
}
