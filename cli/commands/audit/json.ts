import { formatExpiry, formatTime } from "../../../provider/domain/expiry";
import type { Selection } from "./selection";

/** The audit for programs. Times are RFC 3339. Unknown values are absent. */
export function auditJson({ events, alive, histories, now, stack, updates, from, to }: Selection): unknown {
  const at = (time: number | undefined) => (time === undefined ? undefined : formatTime(time));
  const tokenJson = ({ token, mintedIn, adoptedIn, end }: (typeof histories)[number]) => {
    const { project, urn, resource, kind, fingerprint, id, storeHash, apiUrl, apiAccount, expiry } = token;
    const { channelIds, scopes, allowedCorsOrigins, issuedAt } = token;
    return {
      ...{ fingerprint, id, resource, kind, urn, project, storeHash, apiUrl, apiAccount, channelIds, scopes },
      ...{ allowedCorsOrigins, issuedAt: at(issuedAt), expiresAt: expiry && formatExpiry(expiry) },
      ...{ mintedIn, adoptedIn },
      end: end && { ...end, time: at(end.time) },
    };
  };
  return {
    version: 1,
    ...{ stack, updates, from: at(from), to: at(to), at: at(now) },
    events: events.map(({ time, update, until, ...event }) => ({
      time: at(time),
      ...event,
      until: until && formatExpiry(until),
      update: update && { ...update, startedAt: at(update.startedAt), endedAt: at(update.endedAt) },
    })),
    ...(alive
      ? {
          alive: alive.map(({ history, from: first, until: last, isSure }) => ({
            ...tokenJson(history),
            ...{ from: at(first), until: last && formatExpiry(last), isSure },
          })),
        }
      : { tokens: histories.map(tokenJson) }),
  };
}
