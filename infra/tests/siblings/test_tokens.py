"""Access tokens as other services verify them: a FastAPI one that knows the secret, and one that fetches the published keys.

They do nothing but what the README tells them to. The stack is `cargo run`, built before.

    python -m unittest discover infra/tests/siblings
"""

import contextlib
import json
import os
import pathlib
import subprocess
import unittest
import urllib.request

import jose.exceptions
import jose.jwt
import jwt

ROOT = pathlib.Path(__file__).parents[3]
SECRET = "the-secret-that-a-sibling-service-knows-0"
DEMO = {"email": "demo@example.com", "password": "correct horse battery staple"}


@contextlib.contextmanager
def stack(algorithm):
    """The address of a stack that signs access tokens so."""
    command = ["cargo", "run", "--quiet", "--locked", "--", "--port", "0", "--dynamodb-port", "0", "--data", ":memory:"]
    environment = os.environ | {"JWT_SECRET_KEY": SECRET, "JWT_ALGORITHM": algorithm}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            ready = next((line for line in process.stdout if line.startswith("ready ")), None)
            assert ready, "the stack does not start"
            yield ready.split()[1]
        finally:
            process.terminate()


def call(url, body=None, token=None):
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode())
    request.add_header("content-type", "application/json")
    if token:
        request.add_header("authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Tokens(unittest.TestCase):
    def test_a_service_that_knows_the_secret_verifies_hs256_as_it_comes(self):
        with stack("HS256") as api:
            login = call(f"{api}/api/auth/login", DEMO)
        token = login["access_token"]
        for claims in [
            jose.jwt.decode(token, SECRET, algorithms=["HS256"]),
            jwt.decode(token, SECRET, algorithms=["HS256"]),
        ]:
            self.assertEqual((claims["sub"], claims["email"]), (login["user"]["id"], DEMO["email"]))
            self.assertEqual(claims["exp"] - claims["iat"], 7 * 24 * 60 * 60)
        with self.assertRaises(jose.exceptions.JWTError):
            jose.jwt.decode(token, SECRET + "x", algorithms=["HS256"])
        with self.assertRaises(jwt.InvalidSignatureError):
            jwt.decode(token, SECRET + "x", algorithms=["HS256"])

    def test_a_service_that_fetches_the_published_keys_verifies_eddsa(self):
        with stack("EdDSA") as api:
            login = call(f"{api}/api/auth/login", DEMO)
            service_token = call(f"{api}/api/auth/token", token=login["access_token"])["token"]
            keys = jwt.PyJWKClient(f"{api}/api/auth/jwks")
            for token in [login["access_token"], service_token]:
                key = keys.get_signing_key_from_jwt(token)
                claims = jwt.decode(token, key, algorithms=["EdDSA"], audience=api, issuer=api)
                self.assertEqual(claims["sub"], login["user"]["id"])
                with self.assertRaises(jwt.InvalidAudienceError):
                    jwt.decode(token, key, algorithms=["EdDSA"], audience="https://other.example", issuer=api)
            # One service takes nothing but tokens for other services, and the type tells them apart.
            types = [jwt.get_unverified_header(token).get("typ") for token in [login["access_token"], service_token]]
            self.assertEqual(types, ["at+jwt", None])


if __name__ == "__main__":
    unittest.main()
