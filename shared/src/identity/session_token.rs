//! Session tokens: they describe themselves, so that the table of sessions holds nothing that signs anybody in.
//!
//! A token is base64url, without padding, of 68 bytes: the id of the key (4), the user's id (16), the session's id (16)
//! and HMAC-SHA-256 over the three (32). It is checked before anything is read, finds its row with one `GetItem`, and
//! can be computed again from the row.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{
    Principal,
    keys::{KeyRing, Keys},
};
use crate::domain::{SessionId, UserId};

const KEY_ID_BYTES: usize = 4;
const ID_BYTES: usize = 16;
const MAC_BYTES: usize = 32;

/// The token of a session, under the current key.
pub fn issue(keys: &KeyRing, principal: &Principal) -> String {
    let mut token = signed_part(&keys.current, principal);
    let mac = hmac::sign(&keys.current.session, &token);
    token.extend_from_slice(mac.as_ref());
    BASE64_URL_SAFE_NO_PAD.encode(token)
}

/// Why a token is refused, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused(pub &'static str);

impl Refused {
    /// It has the form of a token, and is signed with a key that is not known here: one of long ago, or one that other
    /// functions have got already.
    pub const UNKNOWN_KEY: Self = Self("the token is of a key that is not known here");
}

/// Whose session a token belongs to.
///
/// # Errors
/// That it is malformed, forged or of an unknown key.
pub fn verify(keys: &KeyRing, token: &str) -> Result<Principal, Refused> {
    let (key_id, principal, mac) = parse(token).ok_or(Refused("the session token is malformed"))?;
    let keys = keys.all().find(|keys| keys.session_key_id == key_id).ok_or(Refused::UNKNOWN_KEY)?;
    hmac::verify(&keys.session, &signed_part(keys, &principal), &mac)
        .map_err(|_| Refused("the session token is forged"))?;
    Ok(principal)
}

fn signed_part(keys: &Keys, principal: &Principal) -> Vec<u8> {
    [keys.session_key_id.as_slice(), principal.user_id.0.as_bytes(), principal.session_id.0.as_bytes()].concat()
}

fn parse(token: &str) -> Option<([u8; KEY_ID_BYTES], Principal, [u8; MAC_BYTES])> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (key_id, rest) = bytes.split_first_chunk::<KEY_ID_BYTES>()?;
    let (user_id, rest) = rest.split_first_chunk::<ID_BYTES>()?;
    let (session_id, mac) = rest.split_first_chunk::<ID_BYTES>()?;
    let principal =
        Principal { user_id: UserId(Uuid::from_bytes(*user_id)), session_id: SessionId(Uuid::from_bytes(*session_id)) };
    Some((*key_id, principal, mac.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::identity::access_token::tests::{PRINCIPAL, key_ring};

    const SECRET: &str = "first-secret-0123456789-0123456789";
    const OTHER: &str = "other-secret-0123456789-0123456789";

    #[test]
    fn tokens_name_their_principal_and_survive_one_rotation() {
        let token = issue(&key_ring(SECRET, None), &PRINCIPAL);
        assert_eq!(token.len(), 91);
        assert_eq!(verify(&key_ring(SECRET, None), &token).unwrap(), PRINCIPAL);
        assert_eq!(verify(&key_ring(OTHER, Some(SECRET)), &token).unwrap(), PRINCIPAL);
        assert!(verify(&key_ring(OTHER, None), &token).is_err());
    }

    #[test]
    fn no_changed_bit_and_no_length_is_accepted() {
        let keys = key_ring(SECRET, None);
        let token = issue(&keys, &PRINCIPAL);
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&token).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(verify(&keys, &BASE64_URL_SAFE_NO_PAD.encode(forged)).is_err(), "bit {bit}");
        }
        for length in 0..token.len() {
            assert!(verify(&keys, &token[..length]).is_err(), "length {length}");
        }
        assert!(verify(&keys, &format!("{token}A")).is_err());
        assert!(verify(&keys, &format!("{token}=")).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(token in "\\PC{0,120}|[A-Za-z0-9_-]{0,120}") {
            prop_assert!(verify(&key_ring(SECRET, None), &token).is_err());
        }
    }
}
