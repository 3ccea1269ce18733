"""Sign-in, session and tasks with FastAPI, as a Lambda function behind an HTTP API."""

from datetime import UTC, datetime
from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Depends, FastAPI, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from mangum import Mangum

import store
from models import NewTask, SessionOfUser, SignedIn, SignIn, Task

app = FastAPI()
handler = Mangum(app, lifespan="off")
hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
bearer = HTTPBearer()


def current_session(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> dict:
    session = store.find_session(credentials.credentials)
    if session is None or datetime.fromisoformat(session["expires_at"]) <= datetime.now(UTC):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    return session


Session = Annotated[dict, Depends(current_session)]


def owner(user_id: str, session: Session) -> str:
    if session["user_id"] != user_id:
        raise HTTPException(status.HTTP_403_FORBIDDEN)
    return user_id


Owner = Annotated[str, Depends(owner)]


@app.post("/api/auth/sign-in/email")
def sign_in(credentials: SignIn) -> SignedIn:
    user = store.find_user(credentials.email.lower())
    try:
        if user is None:
            # As long as for an account that there is.
            hasher.hash(credentials.password)
            raise HTTPException(status.HTTP_401_UNAUTHORIZED)
        hasher.verify(user["password_hash"], credentials.password)
    except VerifyMismatchError:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED) from None
    token = store.create_session(user)
    return SignedIn(token=token, user=user)


@app.get("/api/auth/get-session")
def get_session(session: Session) -> SessionOfUser:
    return SessionOfUser(session=session, user=store.find_user(session["email"]))


@app.get("/api/{user_id}/tasks")
def list_tasks(user_id: Owner) -> list[Task]:
    return store.list_tasks(user_id)


@app.post("/api/{user_id}/tasks", status_code=status.HTTP_201_CREATED)
def create_task(user_id: Owner, task: NewTask) -> Task:
    return store.create_task(user_id, task.model_dump(mode="json"))
