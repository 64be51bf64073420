//! What people do with invitations and links.

use serde_json::{Value, json};

use crate::{Person, Reply, World, mail::invite_token};

/// The token at the end of a share link's `url`.
pub fn token_of(link: &Value) -> String {
    let url = link["url"].as_str().unwrap_or_default();
    url.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The path of a share link.
pub fn path_of(link: &Value) -> String {
    format!("/share-links/{}", link["link_id"].as_str().unwrap_or_default())
}

impl World {
    /// The token of the only mail to an address.
    pub async fn mailed_token(&self, address: &str) -> String {
        let mail = self.mail_to(address).await;
        assert_eq!(mail.len(), 1, "{mail:?}");
        invite_token(&mail[0])
    }

    /// What SES answers to the next sends.
    pub async fn break_ses(&self, faults: Value) {
        let taken = self.post("/_local/ses/faults", faults).await;
        assert_eq!(taken.status, 204, "{taken:?}");
    }

    /// All mail captured, after everything is worked off.
    pub async fn mailbox(&self) -> Vec<Value> {
        self.idle().await;
        let mail = self.get("/_local/mail").await.expect(200);
        mail["mail"].as_array().cloned().unwrap_or_default()
    }
}

impl Person {
    /// Invites one address: its line of the report.
    pub async fn invite(&self, address: &str) -> Value {
        let report = self.post("/invitations", json!({"emails": [address]})).await;
        report.expect(202)["lines"][0].clone()
    }

    /// Invites one address, which must be taken: the invitation's path.
    pub async fn invited(&self, address: &str) -> String {
        let line = self.invite(address).await;
        assert_eq!(line["status"], "queued", "{line}");
        format!("/invitations/{}", line["invitation_id"].as_str().unwrap_or_default())
    }

    /// The state of an invitation.
    pub async fn state_of(&self, invitation: &str) -> String {
        let found = self.get(invitation).await.expect(200);
        found["state"].as_str().unwrap_or_default().to_owned()
    }

    /// All share links; the first call makes one.
    pub async fn share_links(&self) -> Vec<Value> {
        self.list("/share-links", "share_links").await
    }

    /// Makes a share link with these settings.
    pub async fn share_link(&self, settings: Value) -> Value {
        self.post("/share-links", settings).await.expect(201)
    }

    /// What a link shows this visitor.
    pub async fn view(&self, token: &str) -> String {
        let link = self.get(&format!("/invite-links/{token}")).await.expect(200);
        link["view"].as_str().unwrap_or_default().to_owned()
    }

    /// Presses a link's button.
    pub async fn press(&self, token: &str) -> Reply {
        self.post(&format!("/invite-links/{token}/redemptions"), json!({}))
            .await
    }

    /// Presses a link's button, which must do: the outcome.
    pub async fn redeem(&self, token: &str) -> String {
        let pressed = self.press(token).await.expect(200);
        pressed["outcome"].as_str().unwrap_or_default().to_owned()
    }
}
