//! The local stack: the whole product on one machine, with nothing else installed.
//!
//! It reads `template.yaml`, keeps its tables in an embedded DynamoDB, and serves its routes behind a small gateway that
//! behaves as API Gateway does where clients can see it.

pub mod demo;
pub mod dynamodb;
pub mod gateway;
pub mod mailbox;
pub mod post;
pub mod routes;
pub mod site;
pub mod smtp;
pub mod stack;
pub mod template;
pub mod workers;
