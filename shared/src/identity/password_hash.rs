//! Password hashes: Argon2id (RFC 9106) at OWASP's parameters, stored in PHC string format.
//!
//! Source: <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use aws_lc_rs::constant_time;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{Error, domain::Password, gate::Gate, random::Random};

/// 19 MiB, in KiB.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

/// Hashes passwords off the runtime's threads, as many at a time as there are processors: more would only take memory.
///
/// The 19 MiB that a hash works in are kept and used again, which saves the kernel from mapping and clearing them each
/// time. They hold nothing but what the last hash left, inside this process.
#[derive(Clone)]
pub struct PasswordHasher {
    params: Params,
    /// Made for the first hash: counting processors reads files, which a function that hashes nothing need not wait for.
    slots: Arc<OnceLock<Arc<Semaphore>>>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    random: Random,
    watcher: Option<Watcher>,
    gate: Gate,
}

type Watcher = Arc<dyn Fn(bool) + Send + Sync>;

/// What comparing a password with a hash found.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// Another password.
    Wrong,
    /// The password.
    Right,
    /// The password, but hashed with other parameters than today's; this is the hash to store instead.
    RightAndRehashed(SecretString),
}

impl PasswordHasher {
    /// A hasher at today's parameters.
    ///
    /// # Errors
    /// [`Error::Internal`] if the parameters were out of range.
    pub fn new(random: Random) -> Result<Self, Error> {
        Self::with_cost(MEMORY_KIB, PASSES, random)
    }

    /// A hasher at parameters of one's own: `memory_kib` of memory and so many passes over it.
    ///
    /// # Errors
    /// [`Error::Internal`] if they are out of range.
    pub fn with_cost(memory_kib: u32, passes: u32, random: Random) -> Result<Self, Error> {
        Ok(Self {
            params: Params::new(memory_kib, passes, LANES, Some(OUTPUT_BYTES)).map_err(Error::internal)?,
            slots: Arc::default(),
            memory: Arc::default(),
            random,
            watcher: None,
            gate: Gate::default(),
        })
    }

    /// The same hasher, which tells `watcher` `true` when a hash is asked for and `false`, on the thread that hashes, when it
    /// is done but not yet returned: what a request does beside its hash can be seen.
    #[must_use]
    pub fn watched(self, watcher: impl Fn(bool) + Send + Sync + 'static) -> Self {
        Self { watcher: Some(Arc::new(watcher)), ..self }
    }

    /// The same hasher, which compares nothing before a gate is open.
    #[must_use]
    pub fn behind(&self, gate: &Gate) -> Self {
        Self { gate: gate.clone(), ..self.clone() }
    }

    /// The PHC string of a password under a new salt.
    ///
    /// # Errors
    /// [`Error::Internal`] if there is no randomness or no memory.
    pub async fn hash(&self, password: &Password) -> Result<SecretString, Error> {
        let password = password.clone();
        self.run(move |hasher| hasher.hash_now(password.expose().as_bytes())).await
    }

    /// Compares a password with a PHC string. Without one (there is no such account) it costs the same time and is wrong;
    /// so is a password longer than [`Password::MAX_CHARS`].
    ///
    /// # Errors
    /// [`Error::Internal`] if the string is not a hash of ours.
    pub async fn verify(&self, password: &Password, stored: Option<&SecretString>) -> Result<Verdict, Error> {
        self.gate.passed().await;
        let stored = stored.filter(|_| !password.is_too_long()).cloned();
        // What is too long is not worth hashing, but something has to be hashed in its place.
        let password = if password.is_too_long() { Password::new("") } else { password.clone() };
        self.run(move |hasher| hasher.verify_now(password.expose().as_bytes(), stored.as_ref())).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.tell(true);
        let slots = self
            .slots
            .get_or_init(|| Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from))));
        let slot = Arc::clone(slots).acquire_owned().await.map_err(Error::internal)?;
        let hasher = self.clone();
        spawn_blocking(move || {
            let result = work(&hasher);
            drop(slot);
            hasher.tell(false);
            result
        })
        .await
        .map_err(Error::internal)?
    }

    fn tell(&self, begins: bool) {
        if let Some(watcher) = &self.watcher {
            watcher(begins);
        }
    }

    fn hash_now(&self, password: &[u8]) -> Result<SecretString, Error> {
        let salt = self.random.bytes::<SALT_BYTES>()?;
        let output = self.output(&self.params, Version::default(), password, &salt, OUTPUT_BYTES)?;
        let hash = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::default().into()),
            params: ParamsString::try_from(&self.params).map_err(Error::internal)?,
            salt: Some(Salt::new(&salt).map_err(Error::internal)?),
            hash: Some(Output::new(&output).map_err(Error::internal)?),
        };
        Ok(hash.to_string().into())
    }

    fn verify_now(&self, password: &[u8], stored: Option<&SecretString>) -> Result<Verdict, Error> {
        let Some(stored) = stored else {
            self.output(&self.params, Version::default(), password, &[0; SALT_BYTES], OUTPUT_BYTES)?;
            return Ok(Verdict::Wrong);
        };
        let stored = PasswordHash::new(stored.expose_secret()).map_err(Error::internal)?;
        let (Some(salt), Some(expected), ARGON2ID_IDENT) = (stored.salt, stored.hash, stored.algorithm) else {
            return Err(Error::internal("the stored password hash is not an Argon2id hash"));
        };
        let params = Params::try_from(&stored).map_err(Error::internal)?;
        let version = stored.version.map_or(Ok(Version::default()), Version::try_from).map_err(Error::internal)?;
        let output = self.output(&params, version, password, &salt, expected.len())?;
        if constant_time::verify_slices_are_equal(&output, expected.as_bytes()).is_err() {
            return Ok(Verdict::Wrong);
        }
        let is_current = params.m_cost() == self.params.m_cost()
            && params.t_cost() == self.params.t_cost()
            && params.p_cost() == self.params.p_cost()
            && version == Version::default()
            && expected.len() == OUTPUT_BYTES;
        if is_current { Ok(Verdict::Right) } else { self.hash_now(password).map(Verdict::RightAndRehashed) }
    }

    fn output(
        &self,
        params: &Params,
        version: Version,
        password: &[u8],
        salt: &[u8],
        output_bytes: usize,
    ) -> Result<Vec<u8>, Error> {
        let mut memory = self.lock_memory().pop().unwrap_or_default();
        memory.resize(params.block_count(), Block::default());
        let mut output = vec![0; output_bytes];
        let hashed = Argon2::new(Algorithm::Argon2id, version, params.clone()).hash_password_into_with_memory(
            password,
            salt,
            &mut output,
            &mut memory,
        );
        self.lock_memory().push(memory);
        hashed.map_err(Error::internal)?;
        Ok(output)
    }

    fn lock_memory(&self) -> std::sync::MutexGuard<'_, Vec<Vec<Block>>> {
        // A thread that died with the lock has at most not returned its buffer.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordHasher").field("params", &self.params).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};

    use super::*;

    /// Made by the C reference implementation (argon2-cffi), so that no upgrade locks out who signed up before it.
    const REFERENCE: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$lFOJRzWABSM3MgYxxKs6BA$8vU1IjFgdq066l51gCkmKaMgSIrhX4hNWj/LDRVy0oA";
    const REFERENCE_OTHER_PARAMS: &str =
        "$argon2id$v=19$m=12288,t=3,p=1$FeEtwRJcNzmha8JE4g08Ng$3LVlQbc7mm9dr6O2npf/0JdF+lXW+SIJl9P/JhmAA38";
    const PASSWORD: &str = "correct horse battery staple";

    fn hasher() -> PasswordHasher {
        PasswordHasher::new(Random::secure()).unwrap()
    }

    async fn verdict(password: &str, stored: Option<&SecretString>) -> Verdict {
        hasher().verify(&Password::new(password), stored).await.unwrap()
    }

    #[tokio::test]
    async fn hashes_verify_and_use_owasp_parameters() {
        let hash = hasher().hash(&Password::new(PASSWORD)).await.unwrap();
        assert!(hash.expose_secret().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(matches!(verdict(PASSWORD, Some(&hash)).await, Verdict::Right));
        assert!(matches!(verdict("wrong", Some(&hash)).await, Verdict::Wrong));
        let other = hasher().hash(&Password::new(PASSWORD)).await.unwrap();
        assert_ne!(hash.expose_secret(), other.expose_secret(), "salts differ");
    }

    #[tokio::test]
    async fn hashes_of_the_reference_implementation_verify() {
        assert!(matches!(verdict(PASSWORD, Some(&REFERENCE.into())).await, Verdict::Right));
    }

    #[tokio::test]
    async fn other_parameters_are_rehashed_only_for_the_right_password() {
        let stored = REFERENCE_OTHER_PARAMS.into();
        let verdict_of_right = verdict(PASSWORD, Some(&stored)).await;
        let Verdict::RightAndRehashed(hash) = verdict_of_right else { panic!("{verdict_of_right:?}") };
        assert!(matches!(verdict(PASSWORD, Some(&hash)).await, Verdict::Right));
        assert!(matches!(verdict("wrong", Some(&stored)).await, Verdict::Wrong));
    }

    /// The PHC string of the password by the parameters that these are.
    fn hashed_with(version: Version, memory: u32, passes: u32, lanes: u32, bytes: usize) -> SecretString {
        let params = Params::new(memory, passes, lanes, None).unwrap();
        let output = hasher().output(&params, version, PASSWORD.as_bytes(), b"salt of 16 bytes", bytes).unwrap();
        let [salt, hash] = [b"salt of 16 bytes", output.as_slice()].map(|it| BASE64_STANDARD_NO_PAD.encode(it));
        format!("$argon2id$v={}$m={memory},t={passes},p={lanes}${salt}${hash}", u32::from(version)).into()
    }

    #[tokio::test]
    async fn a_single_other_parameter_is_enough() {
        let current = hashed_with(Version::V0x13, MEMORY_KIB, PASSES, LANES, OUTPUT_BYTES);
        assert!(matches!(verdict(PASSWORD, Some(&current)).await, Verdict::Right));
        for other in [
            hashed_with(Version::V0x10, MEMORY_KIB, PASSES, LANES, OUTPUT_BYTES),
            hashed_with(Version::V0x13, MEMORY_KIB / 2, PASSES, LANES, OUTPUT_BYTES),
            hashed_with(Version::V0x13, MEMORY_KIB, PASSES + 1, LANES, OUTPUT_BYTES),
            hashed_with(Version::V0x13, MEMORY_KIB, PASSES, LANES + 1, OUTPUT_BYTES),
            hashed_with(Version::V0x13, MEMORY_KIB, PASSES, LANES, OUTPUT_BYTES / 2),
        ] {
            let verdict = verdict(PASSWORD, Some(&other)).await;
            assert!(matches!(verdict, Verdict::RightAndRehashed(_)), "{}: {verdict:?}", other.expose_secret());
        }
    }

    #[tokio::test]
    async fn nothing_is_compared_before_the_gate_is_open_and_who_watches_is_told() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let watcher = Arc::clone(&told);
        let (gate, opener) = Gate::shut();
        let hasher = hasher().watched(move |begins| watcher.lock().unwrap().push(begins)).behind(&gate);
        let (password, stored) = (Password::new(PASSWORD), REFERENCE.into());
        let mut compared = Box::pin(hasher.verify(&password, Some(&stored)));
        tokio::select! {
            biased;
            _ = &mut compared => panic!("the gate was shut"),
            () = std::future::ready(()) => assert!(told.lock().unwrap().is_empty()),
        }
        opener.open();
        assert!(matches!(compared.await.unwrap(), Verdict::Right));
        assert_eq!(*told.lock().unwrap(), [true, false]);
    }

    #[tokio::test]
    async fn no_account_and_too_long_a_password_are_wrong() {
        assert!(matches!(verdict(PASSWORD, None).await, Verdict::Wrong));
        let long = "x".repeat(129);
        let hash = hasher().hash(&Password::new(&long)).await.unwrap();
        assert!(matches!(verdict(&long, Some(&hash)).await, Verdict::Wrong));
    }

    #[tokio::test]
    async fn a_hash_of_another_kind_is_an_error() {
        for stored in
            ["", "plain", "$2b$12$abcdefghijklmnopqrstuv", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g"]
        {
            assert!(hasher().verify(&Password::new(PASSWORD), Some(&stored.into())).await.is_err(), "{stored}");
        }
    }
}
