"""Ready-made e-mails, each a start that a team makes its own."""

from playbooks.messages.templates import Draft

HELLO = "Hello {{contact.first_name|there}},\n\n"
BYE = "\n\nBest regards\n{{sender.name}}\n{{workspace.name}}"


def _draft(key: str, name: str, purpose: str, subject: str, body: str) -> Draft:
    return Draft(key=key, name=name, purpose=purpose, subject=subject, body=HELLO + body + BYE)


LIBRARY = (
    _draft(
        "welcome",
        "Welcome",
        "The first mail of onboarding: who we are and what comes next.",
        "Welcome to {{workspace.name}}",
        "I am your contact for everything around {{account.name}}. To begin with I would like to hear what "
        "you want to have achieved in half a year, so that we can measure it together.\n\n"
        "Could you name two dates for a first call of 30 minutes?",
    ),
    _draft(
        "adoption-drop",
        "Use has dropped",
        "Asks openly why use went down, without blame.",
        "Is everything all right at {{account.name}}?",
        "I see that your team has used the product less in the last weeks than before. Sometimes there is a "
        "good reason, sometimes something is in the way.\n\n"
        "Is there anything that we should know, or that I can help with? A line is enough.",
    ),
    _draft(
        "new-contact",
        "Hello to a new contact",
        "For a safe switch: somebody took over from a contact who left.",
        "Taking over at {{account.name}}",
        "I understand that you take over at {{account.name}}. I would like to show you in half an hour what "
        "was agreed, where it stands, and what your team uses today.\n\n"
        "Where it stands: {{plan.progress|we will go through it together}}.\n\n"
        "Which day suits you?",
    ),
    _draft(
        "renewal-ahead",
        "Renewal ahead",
        "Ninety days before the renewal: look at what was reached.",
        "Looking back before {{account.renewal_on|your renewal}}",
        "Your contract with us comes up for renewal on {{account.renewal_on|its next date}}. Before we talk "
        "about that I would like to look with you at what you got out of it: "
        "{{plan.progress|the targets we agreed}}.\n\n"
        "May I send you two dates for an hour?",
    ),
    _draft(
        "qbr-invitation",
        "Invitation to a business review",
        "Invites to the QBR and asks what should be on its agenda.",
        "Your business review with {{workspace.name}}",
        "It is time for our next business review. I bring the measured progress of “{{plan.title|our plan}}” "
        "and proposals for the next quarter.\n\n"
        "What do you want to talk about? And who should be there?",
    ),
    _draft(
        "incident-follow-up",
        "Incident: what happened, and what we changed",
        "Says sorry, what happened, and that it is over.",
        "About the disturbance of the last days",
        "Some of your people were working while our service was disturbed. I am sorry for that. It is over, "
        "and our engineers have found the cause.\n\n"
        "Did it cost you anything that we should make good? Please tell me.",
    ),
    _draft(
        "advocate",
        "Would you tell others?",
        "Asks a happy customer for a reference.",
        "Would you tell others about it?",
        "You have come far: {{plan.progress|you reached what we set out to do}}. Others would like to hear "
        "how.\n\n"
        "Would you talk to one of them for 20 minutes, or let us write half a page about it?",
    ),
)
