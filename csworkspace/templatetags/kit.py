"""Template filters of the component kit: `{% load kit %}`."""

from django import template

from csworkspace.web import formats

register = template.Library()


@register.filter
def initials(name: object) -> str:
    """Up to two initials: `{{ member.name|initials }}`."""
    return formats.initials(str(name))
