"""Words and numbers as pages print them."""

from django import template

register = template.Library()
