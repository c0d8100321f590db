"""Routes of the API, under /api/v1/."""

from csworkspace.mail.api import BouncesView
from csworkspace.people.access import Needs
from csworkspace.web.routes import route

urlpatterns = [route("mail/bounces", BouncesView.as_view(), "api_mail_bounces", needs=Needs.API_KEY)]
