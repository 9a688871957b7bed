"""The tables of who may see and change what, and of who changed what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, BigId


class Person(Base):
    """Somebody who may see the pages; without a password hash they cannot log in by one."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]


class LoginSession(Base):
    """A login that holds, known by the SHA-256 of the secret in its cookie."""

    __tablename__ = "login_sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    agent: Mapped[str] = mapped_column(default="")


class ApiToken(Base):
    """A secret of a program that acts for `owner`, within `scopes`; only its SHA-256 is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner: Mapped[str] = mapped_column(String(100), index=True)
    label: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Look(Base):
    """When somebody last looked, and before that: their present look began after `since`."""

    __tablename__ = "looks"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime]
    since: Mapped[datetime | None]


class AuditEntry(Base):
    """A change that a person made. `chain` is a hash of this entry and of the chain before it."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(100), index=True)
    action: Mapped[str] = mapped_column(String(50))
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]]
    chain: Mapped[str] = mapped_column(String(64))
