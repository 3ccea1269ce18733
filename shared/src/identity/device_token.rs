//! Device tokens: they name a device on which an account was signed in to, so that it keeps its own count of tries at the password
//! while others try theirs. They open nothing.
//!
//! A token is base64url, without padding, of the id of the key (4 bytes), the id of the session that first began on the device
//! (16), and HMAC-SHA-256 over the two and the account's address (32). It is checked before anything is read.
//!
//! Source: <https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies>

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    access_token::{self, Use},
    credential::bearer_token,
    keys::{KeyRing, Keys},
};
use crate::{
    Error,
    domain::{SessionId, Timestamp},
    http::{Request, cookies},
};

const KEY_ID_BYTES: usize = 4;
const ID_BYTES: usize = 16;
const MAC_BYTES: usize = 32;

/// The token of a device on which the account of `email` is signed in to.
///
/// # Errors
/// Those of [`Keys::device`].
pub fn issue(keys: &KeyRing, device: SessionId, email: &str) -> Result<String, Error> {
    let mac = hmac::sign(keys.current.device()?, &signed_part(&keys.current, device, email));
    let token = [keys.current.session_key_id.as_slice(), device.0.as_bytes(), mac.as_ref()].concat();
    Ok(BASE64_URL_SAFE_NO_PAD.encode(token))
}

/// The device that a request comes from, if the account of `email` was signed in to on it before: its cookie says so, or, of a
/// client that keeps none, an access token of the account.
pub fn known_device(keys: &KeyRing, request: &Request, email: &str, now: Timestamp) -> Option<SessionId> {
    let name = cookies::known_device_cookie_name(&request.own_origin);
    let by_cookie = request.cookies(&name).find_map(|token| verify(keys, &token, email));
    by_cookie.or_else(|| {
        let token = bearer_token(request)?;
        match access_token::verify(keys, token, &request.own_origin, now) {
            Ok((principal, Use::Access)) if names(token, email) => Some(principal.session_id),
            _ => None,
        }
    })
}

/// Whether an access token that verifies is of this account.
fn names(token: &str, email: &str) -> bool {
    #[derive(Deserialize)]
    struct Claims {
        email: String,
    }
    let claims = token.split('.').nth(1).and_then(|claims| BASE64_URL_SAFE_NO_PAD.decode(claims).ok());
    let claims = claims.and_then(|claims| serde_json::from_slice::<Claims>(&claims).ok());
    claims.is_some_and(|claims| claims.email == email)
}

/// The device that a token names, if it is of this account.
fn verify(keys: &KeyRing, token: &str, email: &str) -> Option<SessionId> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (key_id, rest) = bytes.split_first_chunk::<KEY_ID_BYTES>()?;
    let (device, mac) = rest.split_first_chunk::<ID_BYTES>()?;
    let mac: &[u8; MAC_BYTES] = mac.try_into().ok()?;
    let keys = keys.all().find(|keys| keys.session_key_id == *key_id)?;
    let device = SessionId(Uuid::from_bytes(*device));
    hmac::verify(keys.device().ok()?, &signed_part(keys, device, email), mac).ok()?;
    Some(device)
}

fn signed_part(keys: &Keys, device: SessionId, email: &str) -> Vec<u8> {
    [keys.session_key_id.as_slice(), device.0.as_bytes(), email.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::identity::{
        access_token::tests::{self, NOW, PRINCIPAL, SECRET, key_ring},
        credential::tests::request,
    };

    const OTHER: &str = "other-secret-0123456789-0123456789";
    const DEVICE: SessionId = SessionId(Uuid::from_u128(0xdead));

    #[test]
    fn names_a_device_of_one_account_and_survives_one_rotation() {
        let token = issue(&key_ring(SECRET, None), DEVICE, "ann@example.com").unwrap();
        for keys in [key_ring(SECRET, None), key_ring(OTHER, Some(SECRET))] {
            assert_eq!(verify(&keys, &token, "ann@example.com"), Some(DEVICE));
            assert_eq!(verify(&keys, &token, "bob@example.com"), None);
        }
        assert_eq!(verify(&key_ring(OTHER, None), &token, "ann@example.com"), None);
    }

    #[test]
    fn a_client_is_known_by_its_cookie_or_by_an_access_token_of_the_account() {
        let keys = key_ring(SECRET, None);
        let cookie = |token: &str| format!("__Secure-better-auth.known_device={token}");
        let known = |headers: &[(&str, &str)], cookies: &[String], email| {
            known_device(&keys, &request("POST", headers, cookies), email, NOW)
        };
        let [ann, bob] = ["ann@example.com", "bob@example.com"];
        let device_of_bob = cookie(&issue(&keys, DEVICE, bob).unwrap());
        let cookies = [device_of_bob.clone(), cookie(&issue(&keys, DEVICE, ann).unwrap())];
        assert_eq!(known(&[], &cookies, ann), Some(DEVICE));
        assert_eq!(known(&[], std::slice::from_ref(&device_of_bob), ann), None);
        let [access, service] = [tests::token(&keys), tests::service_token(&keys)];
        let [access, service] = [access, service].map(|token| format!("Bearer {token}"));
        let (access, service) = (("authorization", access.as_str()), ("authorization", service.as_str()));
        assert_eq!(known(&[access], &[], ann), Some(PRINCIPAL.session_id));
        assert_eq!(known(&[access], &cookies, ann), Some(DEVICE));
        assert_eq!(known(&[access], &[], bob), None);
        assert_eq!(known(&[service], &[], ann), None);
        assert_eq!(known(&[], &[], ann), None);
    }

    #[test]
    fn no_changed_bit_is_accepted() {
        let keys = key_ring(SECRET, None);
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(issue(&keys, DEVICE, "ann@example.com").unwrap()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            let forged = BASE64_URL_SAFE_NO_PAD.encode(forged);
            assert_eq!(verify(&keys, &forged, "ann@example.com"), None, "bit {bit}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(token in "\\PC{0,120}|[A-Za-z0-9_-]{0,120}") {
            prop_assert!(verify(&key_ring(SECRET, None), &token, "ann@example.com").is_none());
        }
    }
}
