// The limit of external contacts, said before something fails because of it.

import { figure, t } from "../language.js";
import { html, OVER_LIMIT } from "../parts/base.js";

/**
 * A line for who can have no more external contacts, with the way to those.
 *
 * @param {{ summary: Api.Summary | null }} props
 */
export const AtLimit = ({ summary }) => {
  const { external = 0, external_limit: limit = null } = summary?.contacts ?? {};
  if (limit === null || external < limit) return null;
  return html`
    <p class="at-limit">
      ${t("contacts.at_limit", figure(limit))} <a href=${OVER_LIMIT.href}>${t(OVER_LIMIT.label)}</a>
    </p>
  `;
};
