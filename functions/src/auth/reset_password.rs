//! `POST /api/auth/reset-password` in the plain dialect: sets a new password with the code from a mail. The route is that of the
//! other dialect, which hands over bodies with a `code`.

use lambda_http::http::StatusCode;
use serde::Serialize;
use shared::{
    App, Error, accounts,
    domain::{NewPassword, User},
    http::{Request, Response, json},
};
use utoipa::ToSchema;

/// That it is done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PasswordReset)]
pub(crate) struct Output {
    message: &'static str,
}

pub(crate) async fn by_code(app: &App, request: &Request) -> Result<(User, Response), Error> {
    let mut fields = request.json()?;
    let code = fields.required("code", |text| Ok(text.trim().to_owned()));
    let password = fields.required("password", NewPassword::parse);
    let (code, password) = fields.finish(code.zip(password))?;
    match accounts::reset_password(app, request, &code, &password).await? {
        Ok(user) => Ok((user, json(StatusCode::OK, &Output { message: "Password reset" })?)),
        Err(_) => Err(Error::InvalidCode),
    }
}
