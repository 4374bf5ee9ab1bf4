"""Makes the two roles and the database on a PostgreSQL of your own; prints the addresses to set."""

import secrets
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

from config.embedded import APP, DATABASE, OWNER


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("admin_url", help="postgresql://postgres:…@host:5432/postgres: may create roles.")
        parser.add_argument("--database", default=DATABASE)

    def handle(self, *args: object, **options: Any) -> None:
        admin, database = options["admin_url"], options["database"]
        passwords = {role: secrets.token_urlsafe(24) for role in (OWNER, APP)}
        try:
            with psycopg.connect(admin, autocommit=True) as db:
                for role, password in passwords.items():
                    _role(db, role, password, "CREATEDB" if role == OWNER else "NOCREATEDB")
                # The owner may end the application's sessions, before dropping a test database for one.
                db.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))
                # Whoever creates a database for a role must be a member of it, unless superuser.
                db.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
                if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                    names = (sql.Identifier(database), sql.Identifier(OWNER))
                    db.execute(sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(*names))
        except psycopg.Error as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"export DATABASE_URL='{_address(admin, APP, passwords[APP], database)}'")
        self.stdout.write(f"export DATABASE_OWNER_URL='{_address(admin, OWNER, passwords[OWNER], database)}'")
        self.stderr.write(
            "The owner's address is for `manage.py migrate --database owner` only; keep it from web hosts."
        )


def _role(db: psycopg.Connection[Any], role: str, password: str, right: str) -> None:
    known = db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = "ALTER" if known else "CREATE"
    statement = sql.SQL(f"{verb} ROLE {{}} LOGIN {right} PASSWORD {{}}")
    db.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def _address(admin: str, role: str, password: str, database: str) -> str:
    parts = urlsplit(admin)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(("postgresql", f"{role}:{password}@{host}", f"/{database}", parts.query, ""))
