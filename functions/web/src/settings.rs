//! What a deployment sets.

use contacts_http::api::AvatarOrigins;
use contacts_runtime::{Configuration, configuration::StoreConfiguration};
use url::Url;

/// What the pages need to know of their deployment.
#[derive(Debug, Clone)]
pub struct SiteSettings {
    /// `LINK_BASE_URL`: the origin of the pages.
    pub origin: String,
    /// `PRODUCT_NAME`.
    pub product: String,
    /// `SIGN_IN_AUTHORITY`: the OpenID Connect issuer.
    pub authority: String,
    /// `SIGN_IN_CLIENT_ID`.
    pub client_id: String,
    /// Where the link page's script may connect to beyond its own origin: the authority, and
    /// `SIGN_IN_ORIGINS`, for an issuer whose token endpoint is elsewhere, as Cognito's is.
    pub sign_in_origins: Vec<String>,
    /// `AVATAR_ORIGINS`.
    pub avatars: AvatarOrigins,
}

impl SiteSettings {
    /// Reads them.
    pub fn read(configuration: &mut Configuration<'_>) -> Option<Self> {
        let origin = configuration.required("LINK_BASE_URL", "https://, a host, and nothing more", bare_origin);
        let product = configuration.text("PRODUCT_NAME", "the name of the product");
        let authority = configuration.required("SIGN_IN_AUTHORITY", "the URL of an OpenID Connect issuer", |text| {
            Some((text.to_owned(), origin_of(text)?))
        });
        let client_id = configuration.text("SIGN_IN_CLIENT_ID", "the pages' client id at the issuer");
        let more = configuration.optional("SIGN_IN_ORIGINS", "origins, with commas between", |list| {
            list.split(',')
                .map(|text| bare_origin(text.trim()))
                .collect::<Option<Vec<_>>>()
        });
        let avatars = configuration.optional("AVATAR_ORIGINS", "origins, with commas between", AvatarOrigins::parse);
        let (origin, (authority, authority_origin)) = (origin?, authority?);
        let mut sign_in_origins = vec![authority_origin];
        sign_in_origins.extend(more.unwrap_or_default());
        sign_in_origins.retain(|one| *one != origin);
        sign_in_origins.sort();
        sign_in_origins.dedup();
        Some(Self {
            origin,
            product: product?,
            authority,
            client_id: client_id?,
            sign_in_origins,
            avatars: avatars.unwrap_or_default(),
        })
    }

    /// Reads them, and what the store needs.
    pub fn read_with_store(configuration: &mut Configuration<'_>) -> Option<(StoreConfiguration, Self)> {
        let (store, settings) = (StoreConfiguration::read(configuration), Self::read(configuration));
        Some((store?, settings?))
    }

    /// Where the issuer sends people back to: one fixed address, which it can have in its list.
    pub fn redirect_uri(&self) -> String {
        format!("{}/assets/signed-in.html", self.origin)
    }
}

fn web_url(text: &str) -> Option<Url> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// The origin of a URL.
pub(crate) fn origin_of(url: &str) -> Option<String> {
    Some(web_url(url)?.origin().ascii_serialization())
}

/// An origin that is written as a URL of nothing else.
fn bare_origin(text: &str) -> Option<String> {
    let url = web_url(text)?;
    let origin = url.origin().ascii_serialization();
    (url.as_str() == format!("{origin}/")).then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(changes: &[(&str, &str)]) -> Result<SiteSettings, String> {
        let good = [
            ("LINK_BASE_URL", "https://contacts.example"),
            ("PRODUCT_NAME", "Contacts"),
            ("SIGN_IN_AUTHORITY", "https://issuer.example/pool"),
            ("SIGN_IN_CLIENT_ID", "page"),
        ];
        let read = |name: &str| {
            let found = changes.iter().chain(&good).find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Configuration::read(&read, SiteSettings::read).map_err(|error| error.to_string())
    }

    #[test]
    fn scripts_may_connect_to_the_issuer_and_what_is_listed() {
        let settings = read(&[("SIGN_IN_ORIGINS", "https://login.example, https://issuer.example")]).unwrap();
        assert_eq!(
            settings.sign_in_origins,
            ["https://issuer.example", "https://login.example"]
        );
        assert_eq!(
            settings.redirect_uri(),
            "https://contacts.example/assets/signed-in.html"
        );
        let own = read(&[("SIGN_IN_AUTHORITY", "https://contacts.example/_local/oidc")]).unwrap();
        assert!(own.sign_in_origins.is_empty(), "the pages' own origin is 'self'");
    }

    #[test]
    fn what_could_widen_the_policy_is_refused() {
        for (name, value) in [
            ("LINK_BASE_URL", "contacts.example"),
            ("LINK_BASE_URL", "https://contacts.example/path"),
            ("LINK_BASE_URL", "https://a@contacts.example"),
            ("LINK_BASE_URL", "javascript:alert(1)"),
            ("SIGN_IN_AUTHORITY", "issuer.example"),
            ("SIGN_IN_AUTHORITY", "data:text/html,"),
            ("SIGN_IN_ORIGINS", "*"),
            ("SIGN_IN_ORIGINS", "https:"),
            ("SIGN_IN_ORIGINS", "https://login.example;script-src *"),
            ("SIGN_IN_ORIGINS", "https://login.example,"),
            ("AVATAR_ORIGINS", "*"),
        ] {
            let error = read(&[(name, value)]).unwrap_err();
            assert!(error.contains(name), "{name}={value}: {error}");
        }
    }
}
