"""What Schemathesis cannot know of the API: how to sign in, whose tasks there are, and which values have to be new or known.

The API is `cargo run` with its demo account. Operations that end sessions are called by users of their own, so that the others stay
signed in. Only what is meant to be valid is changed: what is meant to be refused stays as it is.
"""

import itertools
import uuid

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.core.parameters import ParameterLocation

DEMO = {"email": "demo@example.com", "password": "correct horse battery staple"}
ENDS_SESSIONS = {
    "authChangePassword",
    "authDeleteUser",
    "authLogout",
    "authRevokeOtherSessions",
    "authRevokeSession",
    "authRevokeSessions",
    "authSignOut",
}
demo = {}
calls = itertools.count()

# Lengths are counted after NFKC, which leaves these characters alone. No common password begins with a hyphen.
schemathesis.openapi.format("password", st.text("abcdefghijklmnop 0123456789-_", min_size=7, max_size=99).map("-".__add__))


def new_email() -> str:
    return f"{uuid.uuid4()}@schemathesis.example"


def sign_in(url: str, user: dict) -> dict:
    answer = requests.post(url, json=user, timeout=10)
    answer.raise_for_status()
    return answer.json()


def new_task(api: str) -> int:
    headers = {"authorization": f"Bearer {demo['access_token']}"}
    url = f"{api}/api/{demo['user']['id']}/tasks"
    answer = requests.post(url, json={"title": "Try every call"}, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json()["id"]


def operation_id(case) -> str:
    return case.operation.definition.raw["operationId"]


@schemathesis.auth(refresh_interval=None)
class Bearer:
    """Signs in: as the demo user, or as a new one whose session may end."""

    def get(self, case, context):
        api = case.operation.base_url.rstrip("/")
        if operation_id(case) in ENDS_SESSIONS:
            return sign_in(f"{api}/api/auth/signup", {**DEMO, "email": new_email()})
        if not demo:
            demo.update(sign_in(f"{api}/api/auth/login", DEMO))
        return demo

    def set(self, case, data, context):
        case.headers["authorization"] = f"Bearer {data['access_token']}"


@schemathesis.hook
def before_call(context, case, **kwargs):
    meta = case.meta
    if meta is None:
        return

    def is_valid(location):
        return not meta.is_negative_at(location)

    # Somebody else's tasks are a 403, whatever else is right: most is seen with one's own.
    if "user_id" in case.path_parameters and is_valid(ParameterLocation.PATH):
        if demo:
            case.path_parameters["user_id"] = demo["user"]["id"]
        # Every other task is there. Where calls follow one another, they name their tasks themselves.
        if demo and "task_id" in case.path_parameters and meta.phase.name != "stateful" and next(calls) % 2:
            case.path_parameters["task_id"] = new_task(case.operation.base_url.rstrip("/"))
    # A parameter that is empty counts as absent, which no schema says.
    for name in [name for name, value in case.query.items() if value == ""]:
        del case.query[name]
    # A cursor is a text that only the API can make.
    if is_valid(ParameterLocation.QUERY):
        case.query.pop("cursor", None)
    # Conditions of made-up versions are hardly ever met: every other call has none.
    if is_valid(ParameterLocation.HEADER) and next(calls) % 2:
        case.headers.pop("if-match", None)
        case.headers.pop("if-none-match", None)
    # The same key with another body is refused.
    if "idempotency-key" in case.headers and is_valid(ParameterLocation.HEADER):
        case.headers["idempotency-key"] = str(uuid.uuid4())
    operation = operation_id(case)
    if isinstance(case.body, dict) and not is_valid(ParameterLocation.BODY):
        # That protocol counts a password's UTF-16 units, a schema its characters: what is too short is so in both.
        for name in ("password", "newPassword"):
            password = case.body.get(name)
            if operation.endswith(("Email", "Password")) and isinstance(password, str) and len(password) < 8:
                case.body[name] = password[:3]
    if isinstance(case.body, dict) and is_valid(ParameterLocation.BODY):
        # An address signs up once.
        if operation in {"authSignup", "authSignUpEmail"}:
            case.body["email"] = new_email()
        # Only the right password does what it is for.
        if operation == "authVerifyPassword":
            case.body["password"] = DEMO["password"]
        if operation == "authChangePassword":
            case.body["currentPassword"] = DEMO["password"]
        # The same, and a token from a mail is one that only the API can make.
        if operation == "authDeleteUser":
            case.body["password"] = DEMO["password"]
            case.body.pop("token", None)
        # Nobody changes an address to the one they have.
        if operation == "authChangeEmail":
            case.body["newEmail"] = new_email()
        # Who is signed in can only prove their own address.
        if operation == "authSendVerificationEmail":
            case.body["email"] = DEMO["email"]
        # Mails lead to pages that are trusted.
        if "redirect_to" in case.body:
            case.body["redirect_to"] = "/reset-password"
