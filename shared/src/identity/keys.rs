//! Every key, derived from the one secret with HKDF-SHA-256 (RFC 5869) under a label of its own.

use std::sync::OnceLock;

use aws_lc_rs::{
    digest, hkdf, hmac,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use secrecy::{ExposeSecret as _, SecretBox};
use serde::Serialize;

use crate::{
    Error,
    config::{Config, JwtAlgorithm},
};

/// The keys of the current secret, which sign and verify, and of the one before, which only verify. They are boxed: they take 6 KB
/// each, which would be copied with each value that they are a part of.
#[derive(Debug)]
pub struct KeyRing {
    /// Derived from `JWT_SECRET_KEY`.
    pub current: Box<Keys>,
    /// Derived from `JWT_SECRET_KEY_PREVIOUS`.
    pub previous: Option<Box<Keys>>,
    /// How access tokens are signed.
    pub access_token_algorithm: JwtAlgorithm,
}

/// The keys derived from one secret.
#[derive(Debug)]
pub struct Keys {
    /// Tells session tokens of this secret from those of another.
    pub session_key_id: [u8; 4],
    /// Authenticates session tokens.
    pub session: hmac::Key,
    /// Authenticates the tokens in mails.
    pub mail: hmac::Key,
    /// Makes pseudonyms of addresses and accounts.
    pub pseudonym: hmac::Key,
    master: hkdf::Prk,
    cursor: OnceLock<hmac::Key>,
    device: OnceLock<hmac::Key>,
    ed25519: OnceLock<Ed25519>,
    /// Signs and verifies with HMAC-SHA-256 under the secret itself; only where that is configured.
    pub hs256: Option<JwtKey>,
}

/// A key pair of Ed25519.
#[derive(Debug)]
pub struct Ed25519 {
    /// Signs and verifies.
    pub key: JwtKey,
    /// The public half, as published.
    pub public_jwk: PublicJwk,
}

/// A key that signs JSON Web Tokens, with the one algorithm it is for.
#[derive(Debug)]
pub struct JwtKey {
    /// Names the key in a token's header.
    pub id: String,
    /// The only algorithm it may be used with.
    pub algorithm: Algorithm,
    /// Signs.
    pub encoding: EncodingKey,
    /// Verifies.
    pub decoding: DecodingKey,
}

/// An Ed25519 public key as a JSON Web Key (RFC 8037).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = Jwk)]
pub struct PublicJwk {
    alg: &'static str,
    crv: &'static str,
    x: String,
    kty: &'static str,
    kid: String,
}

impl KeyRing {
    /// Derives all keys.
    ///
    /// # Errors
    /// [`Error::Internal`] if the cryptographic library refuses, which it does for no secret.
    pub fn derive(config: &Config) -> Result<Self, Error> {
        let hs256 = config.jwt_algorithm == JwtAlgorithm::Hs256;
        Ok(Self {
            current: Keys::derive(config.secret.expose_secret(), hs256)?,
            previous: match &config.previous_secret {
                Some(secret) => Some(Keys::derive(secret.expose_secret(), hs256)?),
                None => None,
            },
            access_token_algorithm: config.jwt_algorithm,
        })
    }

    /// The key that signs access tokens.
    ///
    /// # Errors
    /// Those of [`Keys::ed25519`].
    pub fn access_token_key(&self) -> Result<&JwtKey, Error> {
        match (&self.current.hs256, self.access_token_algorithm) {
            (Some(key), JwtAlgorithm::Hs256) => Ok(key),
            _ => Ok(&self.current.ed25519()?.key),
        }
    }

    /// The key named `id`, if it is one of ours.
    pub fn jwt_key(&self, id: &str) -> Option<&JwtKey> {
        self.all()
            .flat_map(|keys| [keys.hs256.as_ref(), keys.ed25519().ok().map(|pair| &pair.key)])
            .flatten()
            .find(|key| key.id == id)
    }

    /// The current keys, then the previous ones.
    pub fn all(&self) -> impl Iterator<Item = &Keys> {
        std::iter::once(&*self.current).chain(self.previous.as_deref())
    }
}

impl Keys {
    fn derive(secret: &str, hs256: bool) -> Result<Box<Self>, Error> {
        let secret_bytes = secret.as_bytes();
        let master = extract(secret_bytes);
        let hs256 = if hs256 {
            Some(JwtKey {
                id: BASE64_URL_SAFE_NO_PAD.encode(expand::<16>(&master, "hs256 key id")?),
                algorithm: Algorithm::HS256,
                encoding: EncodingKey::from_secret(secret_bytes),
                decoding: DecodingKey::from_secret(secret_bytes),
            })
        } else {
            None
        };
        Ok(Box::new(Self {
            session_key_id: expand(&master, "session token key id")?,
            session: mac_key(&master, "session token")?,
            mail: mac_key(&master, "mail token")?,
            pseudonym: mac_key(&master, "pseudonym")?,
            master,
            cursor: OnceLock::new(),
            device: OnceLock::new(),
            ed25519: OnceLock::new(),
            hs256,
        }))
    }

    /// Authenticates list cursors. Like the two keys below it is made when it is first asked for, because few functions do, and it
    /// takes a fortieth of a start.
    ///
    /// # Errors
    /// [`Error::Internal`] if the cryptographic library refuses, which it does for no secret.
    pub fn cursor(&self) -> Result<&hmac::Key, Error> {
        self.made_once(&self.cursor, "cursor")
    }

    /// Authenticates the tokens of devices.
    ///
    /// # Errors
    /// Those of [`Keys::cursor`].
    pub fn device(&self) -> Result<&hmac::Key, Error> {
        self.made_once(&self.device, "device token")
    }

    fn made_once<'a>(&self, key: &'a OnceLock<hmac::Key>, label: &str) -> Result<&'a hmac::Key, Error> {
        if let Some(key) = key.get() {
            return Ok(key);
        }
        let made = mac_key(&self.master, label)?;
        Ok(key.get_or_init(|| made))
    }

    /// The key pair of Ed25519: most requests come with a session token, and it takes as long as a tenth of a start.
    ///
    /// # Errors
    /// Those of [`Keys::cursor`].
    pub fn ed25519(&self) -> Result<&Ed25519, Error> {
        if let Some(pair) = self.ed25519.get() {
            return Ok(pair);
        }
        let seed = SecretBox::new(Box::new(expand::<32>(&self.master, "ed25519")?));
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose_secret()).map_err(Error::internal)?;
        let public_jwk = PublicJwk::new(pair.public_key().as_ref());
        let key = JwtKey {
            id: public_jwk.kid.clone(),
            algorithm: Algorithm::EdDSA,
            encoding: EncodingKey::from_ed_der(pair.to_pkcs8v1().map_err(Error::internal)?.as_ref()),
            decoding: DecodingKey::from_ed_der(pair.public_key().as_ref()),
        };
        Ok(self.ed25519.get_or_init(|| Ed25519 { key, public_jwk }))
    }
}

impl PublicJwk {
    fn new(public_key: &[u8]) -> Self {
        let x = BASE64_URL_SAFE_NO_PAD.encode(public_key);
        // The key's name is its thumbprint (RFC 7638): the required members in this order, hashed.
        let thumbprint =
            digest::digest(&digest::SHA256, format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#).as_bytes());
        let kid = BASE64_URL_SAFE_NO_PAD.encode(thumbprint);
        Self { alg: "EdDSA", crv: "Ed25519", x, kty: "OKP", kid }
    }
}

/// The first half of HKDF-SHA-256, with no salt (RFC 5869, section 2.2). It is made once here: the library's own would be made anew for
/// each of the second.
fn extract(secret: &[u8]) -> hkdf::Prk {
    let no_salt = hmac::Key::new(hmac::HMAC_SHA256, &[0; digest::SHA256_OUTPUT_LEN]);
    hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, hmac::sign(&no_salt, secret).as_ref())
}

/// The key for HMAC-SHA-256 that `label` names.
fn mac_key(master: &hkdf::Prk, label: &str) -> Result<hmac::Key, Error> {
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &expand::<32>(master, label)?))
}

/// The second half of HKDF-SHA-256: `N` bytes for the use that `label` names, of what the first has made of the secret.
fn expand<const N: usize>(master: &hkdf::Prk, label: &str) -> Result<[u8; N], Error> {
    struct Length(usize);
    impl hkdf::KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }

    let mut key = [0; N];
    let versioned = format!("auth-and-tasks v1 {label}");
    master
        .expand(&[versioned.as_bytes()], Length(N))
        .and_then(|derived| derived.fill(&mut key))
        .map_err(|_| Error::internal("key derivation failed"))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn labels_and_secrets_give_different_keys() {
        let key = |secret: &str, label| expand::<32>(&extract(secret.as_bytes()), label).unwrap();
        assert_ne!(key("secret", "a"), key("secret", "b"));
        assert_ne!(key("secret", "a"), key("other", "a"));
    }

    /// A change of derivation would sign everybody out, so it has to be made on purpose. The expected value is what
    /// Python's `hmac` gives for extract and expand of RFC 5869.
    #[test]
    fn derivation_is_stable() {
        let key = expand::<32>(&extract(b"0123456789abcdef0123456789abcdef"), "session token").unwrap();
        assert_eq!(hex(&key), "c36a1ccd4487563dfaaef1674176a58109915a1a337c073505322b74df9916a7");
    }

    /// The example of RFC 8037, appendix A.3.
    #[test]
    fn key_ids_are_rfc_7638_thumbprints() {
        let x = BASE64_URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        assert_eq!(PublicJwk::new(&x).kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
