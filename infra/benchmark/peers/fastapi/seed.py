"""Makes the tables, and the account, session and tasks that the events of `events/` are of."""

import json
from pathlib import Path

import store
from app import hasher

TASKS = 100
EVENTS = Path(__file__).parents[4] / "events"


def event(path: str) -> dict:
    return json.loads((EVENTS / f"{path}.json").read_text())


def create_table(table, **keys: str) -> None:
    """Its key attributes and their types, the partition key first."""
    store.dynamodb.create_table(
        TableName=table.name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in keys.items()],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in zip(keys, ("HASH", "RANGE"))],
    )


create_table(store.users, email="S")
create_table(store.sessions, token_hash="S")
create_table(store.tasks, user_id="S", id="N")

credentials = json.loads(event("auth-sign-in-email/signed-in")["body"])
listing = event("tasks-list/tasks")
user = {
    "email": credentials["email"],
    "user_id": listing["pathParameters"]["user_id"],
    "name": "Demo",
    "password_hash": hasher.hash(credentials["password"]),
}
store.users.put_item(Item=user)
store.create_session(user, listing["headers"]["authorization"].removeprefix("Bearer "))
for number in range(TASKS):
    fields = {"title": f"Task {number}", "description": None, "priority": "high", "due_date": "2026-02-01T08:30:00Z"}
    store.create_task(user["user_id"], fields)
