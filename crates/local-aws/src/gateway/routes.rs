//! Which route of the HTTP API a request takes.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// One route.
#[derive(Debug, Clone)]
pub struct Route {
    method: Method,
    path: Option<Vec<Segment>>,
    key: String,
    /// The function behind it.
    pub function: String,
    /// Whether the JWT authoriser is before it.
    pub authorized: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Method {
    Only(String),
    Any,
}

// In the order of preference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Text(String),
    Parameter(String),
    Rest(String),
}

/// What a request's path says.
pub(super) type Parameters = BTreeMap<String, String>;

impl Route {
    /// A route as the template writes it: `/users/{id}`, `/{proxy+}`, `$default`.
    pub fn new(method: &str, path: &str, function: &str, authorized: bool) -> Self {
        let method = match method.to_ascii_uppercase().as_str() {
            "ANY" | "*" => Method::Any,
            only => Method::Only(only.to_owned()),
        };
        let (path, key) = match path {
            "$default" => (None, "$default".to_owned()),
            path => {
                let name = match &method {
                    Method::Any => "ANY",
                    Method::Only(name) => name,
                };
                (Some(segments(path)), format!("{name} {path}"))
            }
        };
        Self {
            method,
            path,
            key,
            function: function.to_owned(),
            authorized,
        }
    }

    /// The route key, as `ANY /users`.
    pub fn key(&self) -> String {
        self.key.clone()
    }

    /// The path of the route key, as `/users/{id}`.
    pub(super) fn path(&self) -> &str {
        self.key.split_once(' ').map_or(self.key.as_str(), |(_, path)| path)
    }

    fn parameters(&self, method: &str, path: &[&str]) -> Option<Parameters> {
        if matches!(&self.method, Method::Only(only) if only != method) {
            return None;
        }
        let Some(segments) = &self.path else {
            return Some(Parameters::new());
        };
        let mut parameters = Parameters::new();
        let mut rest = path;
        for segment in segments {
            let (first, others) = rest.split_first()?;
            match segment {
                Segment::Text(text) if text == first => {}
                Segment::Text(_) => return None,
                Segment::Parameter(_) if first.is_empty() => return None,
                Segment::Parameter(name) => {
                    parameters.insert(name.clone(), (*first).to_owned());
                }
                Segment::Rest(name) => {
                    parameters.insert(name.clone(), rest.join("/"));
                    return Some(parameters);
                }
            }
            rest = others;
        }
        rest.is_empty().then_some(parameters)
    }
}

/// The most specific route for a request, whose path is decoded: fixed text before a parameter before `{rest+}` before `$default`,
/// a named method before `ANY`.
pub(super) fn find<'a>(routes: &'a [Route], method: &str, path: &str) -> Option<(&'a Route, Parameters)> {
    let path: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    routes
        .iter()
        .filter_map(|route| Some((route, route.parameters(method, &path)?)))
        .min_by_key(|(route, _)| (route.path.is_none(), kinds(route), route.method.clone()))
}

/// What kind each segment is, for comparing two routes that match the same path.
fn kinds(route: &Route) -> Vec<u8> {
    let kind = |segment: &Segment| match segment {
        Segment::Text(_) => 0,
        Segment::Parameter(_) => 1,
        Segment::Rest(_) => 2,
    };
    route.path.iter().flatten().map(kind).collect()
}

fn segments(path: &str) -> Vec<Segment> {
    let segment = |text: &str| match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        None => Segment::Text(text.to_owned()),
        Some(name) => match name.strip_suffix('+') {
            None => Segment::Parameter(name.to_owned()),
            Some(name) => Segment::Rest(name.to_owned()),
        },
    };
    path.trim_start_matches('/').split('/').map(segment).collect()
}

/// A path as the HTTP API reads it, before it looks for a route: percent-decoded, so that `%2F` parts two segments.
/// Octets that are no UTF-8 are replaced, since an event is JSON.
pub(super) fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: &str, path: &str) -> Option<(String, Parameters)> {
        let routes = [
            Route::new("ANY", "$default", "web", false),
            Route::new("ANY", "/things/{id}", "c", true),
            Route::new("ANY", "/things/summary", "c", true),
            Route::new("ANY", "/assets/{path+}", "web", false),
            Route::new("ANY", "/things", "c", true),
            Route::new("GET", "/things", "c", true),
            Route::new("ANY", "/", "web", false),
            Route::new("ANY", "/links/{id}/qr.svg", "s", true),
        ];
        find(&routes, method, path).map(|(route, parameters)| (route.key(), parameters))
    }

    #[test]
    fn the_most_specific_route_wins() {
        for (method, path, key) in [
            ("POST", "/things", "ANY /things"),
            ("GET", "/things", "GET /things"),
            ("GET", "/things/summary", "ANY /things/summary"),
            ("GET", "/things/summary2", "ANY /things/{id}"),
            ("GET", "/things/", "$default"),
            ("GET", "/things/a/b", "$default"),
            ("GET", "/", "ANY /"),
            ("GET", "/assets/a/b.css", "ANY /assets/{path+}"),
            ("GET", "/assets", "$default"),
            ("GET", "/links/1/qr.svg", "ANY /links/{id}/qr.svg"),
            ("GET", "/nothing", "$default"),
        ] {
            assert_eq!(found(method, path).unwrap().0, key, "{method} {path}");
        }
    }

    #[test]
    fn parameters_are_those_of_the_decoded_path() {
        let (_, parameters) = found("GET", &decoded("/things/auth0%7Ca%zz%FF")).unwrap();
        assert_eq!(parameters["id"], "auth0|a%zz\u{FFFD}");
        assert_eq!(found("GET", &decoded("/things/a%2Fb")).unwrap().0, "$default");
        assert_eq!(found("GET", "/assets/a/b.css").unwrap().1["path"], "a/b.css");
    }

    #[test]
    fn without_a_default_nothing_is_found() {
        let routes = [Route::new("GET", "/a", "a", true)];
        assert!(find(&routes, "GET", "/b").is_none());
        assert!(find(&routes, "POST", "/a").is_none());
    }
}
