"""Users, sessions and tasks in DynamoDB, a table each."""

import hashlib
import secrets
import time
from datetime import UTC, datetime, timedelta

import boto3
from boto3.dynamodb.conditions import Key

dynamodb = boto3.resource("dynamodb")
users = dynamodb.Table("FastApi-users")
sessions = dynamodb.Table("FastApi-sessions")
tasks = dynamodb.Table("FastApi-tasks")

SESSION_LIFETIME = timedelta(days=7)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_user(email: str) -> dict | None:
    return users.get_item(Key={"email": email}).get("Item")


def find_session(token: str) -> dict | None:
    return sessions.get_item(Key={"token_hash": hash_token(token)}).get("Item")


def create_session(user: dict, token: str | None = None) -> str:
    token = token or secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    sessions.put_item(
        Item={
            "token_hash": hash_token(token),
            "user_id": user["user_id"],
            "email": user["email"],
            "created_at": now.isoformat(),
            "expires_at": (now + SESSION_LIFETIME).isoformat(),
        }
    )
    return token


def list_tasks(user_id: str) -> list[dict]:
    """The newest first."""
    return tasks.query(KeyConditionExpression=Key("user_id").eq(user_id), ScanIndexForward=False)["Items"]


def create_task(user_id: str, fields: dict) -> dict:
    now = datetime.now(UTC).isoformat()
    task = {
        **fields,
        "user_id": user_id,
        "id": time.time_ns() // 1000,
        "completed": False,
        "created_at": now,
        "updated_at": now,
    }
    tasks.put_item(Item=task)
    return task
