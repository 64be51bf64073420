//! What is written: conditions, and the actions of one transaction.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    error::SdkError,
    types::{ConditionCheck, Delete, Put, TransactWriteItem, Update},
};

use super::{
    keys::{self, Item, Key},
    read::failed,
};
use crate::{StoreError, store::Store};

/// Writes of one transaction. DynamoDB's limit is 100, no two on one item.
#[derive(Debug, Default)]
pub(crate) struct Transaction {
    pub(super) actions: Vec<TransactWriteItem>,
    /// Why an action could not be built.
    pub(super) error: Option<String>,
}

/// A condition, with the values it names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Condition {
    expression: String,
    names: HashMap<String, String>,
    values: Item,
}

impl Condition {
    pub(crate) fn new(expression: impl Into<String>) -> Self {
        Self {
            expression: expression.into(),
            ..Self::default()
        }
    }

    /// The item is not there.
    pub(crate) fn absent() -> Self {
        Self::new("attribute_not_exists(pk)")
    }

    /// The item is there.
    pub(crate) fn present() -> Self {
        Self::new("attribute_exists(pk)")
    }

    /// The item is as it was loaded: it has this revision, or was not there.
    pub(crate) fn revision(revision: Option<u64>) -> Self {
        match revision {
            Some(revision) => Self::new("rev = :rev").value(":rev", keys::n(revision)),
            None => Self::absent(),
        }
    }

    pub(crate) fn value(mut self, name: &str, value: aws_sdk_dynamodb::types::AttributeValue) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }

    pub(crate) fn name(mut self, placeholder: &str, name: &str) -> Self {
        self.names.insert(placeholder.to_owned(), name.to_owned());
        self
    }
}

fn filled<K, V>(map: HashMap<K, V>) -> Option<HashMap<K, V>> {
    (!map.is_empty()).then_some(map)
}

impl Transaction {
    pub(crate) fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    fn push<T, E: ToString>(&mut self, built: Result<T, E>, wrap: impl FnOnce(T) -> TransactWriteItem) {
        match built {
            Ok(action) => self.actions.push(wrap(action)),
            Err(error) => self.error = Some(error.to_string()),
        }
    }

    /// Writes a whole item at a key, on a condition, or over whatever is there.
    pub(crate) fn put(&mut self, table: &str, key: &Key, mut item: Item, condition: impl Into<Option<Condition>>) {
        let condition = condition.into().unwrap_or_default();
        item.extend(key.attributes());
        let put = Put::builder()
            .table_name(table)
            .set_item(Some(item))
            .set_condition_expression((!condition.expression.is_empty()).then_some(condition.expression))
            .set_expression_attribute_names(filled(condition.names))
            .set_expression_attribute_values(filled(condition.values));
        self.push(put.build(), |put| TransactWriteItem::builder().put(put).build());
    }

    /// Changes an item; `condition` holds the values of the update too.
    pub(crate) fn update(&mut self, table: &str, key: &Key, expression: &str, condition: Condition) {
        let update = Update::builder()
            .table_name(table)
            .set_key(Some(key.attributes()))
            .update_expression(expression)
            .set_condition_expression((!condition.expression.is_empty()).then_some(condition.expression))
            .set_expression_attribute_names(filled(condition.names))
            .set_expression_attribute_values(filled(condition.values));
        self.push(update.build(), |update| {
            TransactWriteItem::builder().update(update).build()
        });
    }

    /// Removes an item, on a condition.
    pub(crate) fn delete(&mut self, table: &str, key: &Key, condition: Option<Condition>) {
        let condition = condition.unwrap_or_default();
        let delete = Delete::builder()
            .table_name(table)
            .set_key(Some(key.attributes()))
            .set_condition_expression((!condition.expression.is_empty()).then_some(condition.expression))
            .set_expression_attribute_names(filled(condition.names))
            .set_expression_attribute_values(filled(condition.values));
        self.push(delete.build(), |delete| {
            TransactWriteItem::builder().delete(delete).build()
        });
    }

    /// Writes nothing, but asks a condition.
    pub(crate) fn check(&mut self, table: &str, key: &Key, condition: Condition) {
        let check = ConditionCheck::builder()
            .table_name(table)
            .set_key(Some(key.attributes()))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(filled(condition.names))
            .set_expression_attribute_values(filled(condition.values));
        self.push(check.build(), |check| {
            TransactWriteItem::builder().condition_check(check).build()
        });
    }
}

impl Store {
    /// Changes one item; true when the condition held.
    pub(crate) async fn update_if(
        &self,
        key: &Key,
        expression: &str,
        condition: Condition,
    ) -> Result<bool, StoreError> {
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression(expression)
            .set_condition_expression((!condition.expression.is_empty()).then_some(condition.expression))
            .set_expression_attribute_names(filled(condition.names))
            .set_expression_attribute_values(filled(condition.values));
        match call.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(error)) if error.err().is_conditional_check_failed_exception() => Ok(false),
            Err(error) => Err(failed(&error)),
        }
    }
}
