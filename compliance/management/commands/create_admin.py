"""Makes the first operator of a new house: an admin of every brand, who may open the engine room. The password is asked
for, or read from the first line of what is piped in."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from compliance import audit
from compliance.models import Operator, Seat
from compliance.roles import Role


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", help='"Ada Byrne"')

    def handle(self, *args: object, **options: Any) -> None:
        email, name = options["email"], options["name"]
        password = getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_email(email)
            validate_password(password)
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from None
        with transaction.atomic():
            # The database lets it through while there is nobody: afterwards an admin makes the next, under Settings.
            if Operator.objects.exists():
                raise CommandError("There are operators already: an admin makes the next one, under Settings.")
            made = Operator.objects.create_superuser(email, name, password)
            audit.record(None, "operator.created", f"operator:{made.pk}", brand=None,
                         after={"role": Role.ADMIN, "brand": "every brand"})  # fmt: skip
            Seat.objects.create(operator=made, role=Role.ADMIN, brand=None)
        self.stdout.write(f"{made.name} may log in.")
