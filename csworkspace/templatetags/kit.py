"""Template filters and tags of the component kit: `{% load kit %}`."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from csworkspace.web import formats

register = template.Library()


@register.filter
def initials(name: object) -> str:
    """Up to two initials: `{{ member.name|initials }}`."""
    return formats.initials(str(name))


@register.simple_tag
@lru_cache(maxsize=1)
def styles() -> SafeString:
    """The links of `kit/_styles.html`, the same on every page; looking thirty addresses up costs."""
    return mark_safe(render_to_string("kit/_styles.html"))
