"""What is sent and answered."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints


class SignIn(BaseModel):
    email: str
    password: str


class User(BaseModel):
    user_id: str
    email: str
    name: str


class SignedIn(BaseModel):
    token: str
    user: User


class Session(BaseModel):
    user_id: str
    created_at: datetime
    expires_at: datetime


class SessionOfUser(BaseModel):
    session: Session
    user: User


class NewTask(BaseModel):
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    description: Annotated[str, StringConstraints(max_length=5000)] | None = None
    priority: Literal["low", "medium", "high"] = "medium"
    due_date: datetime | None = None


class Task(NewTask):
    id: int
    user_id: str
    completed: bool
    created_at: datetime
    updated_at: datetime
