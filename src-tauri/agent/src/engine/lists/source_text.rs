//! The beginning of a mail as it came, for those who want to see it themselves.

use super::super::{Engine, EngineError};
use crate::api::{self, SourceText};

/// So much of a mail is shown, in octets.
const SHOWN: u32 = 256 << 10;

impl Engine {
    pub(in crate::engine) async fn source_text(&self, id: api::RecordId) -> Result<SourceText, EngineError> {
        let mail = self.fetch(id, SHOWN).await?;
        Ok(SourceText {
            text: String::from_utf8_lossy(&mail.bytes).into_owned(),
            size: mail.size.into(),
            whole: !mail.truncated,
        })
    }
}
