/** Which addresses a name may lead to. */
import { type Inward, isInward } from '../addresses.ts';
import type { NameRecord } from './response.ts';

export type Removed = { readonly address: string; readonly kind: Inward };

export type Screened = {
  readonly records: readonly NameRecord[];
  readonly removed: readonly Removed[];
};

/** What the settings say of the name that was asked, whatever it is an alias of. */
export type Leave = {
  /** It may lead to private addresses. */
  readonly isPrivate: boolean;
  /** And is listed itself, not only with all below another name. */
  readonly isNamed: boolean;
};

export function screen(records: readonly NameRecord[], leave: Leave): Screened {
  const removed: Removed[] = [];
  const left = records.filter(({ address }) => {
    const kind = address === undefined ? undefined : isInward(address);
    if (address === undefined || kind === undefined || mayLeadTo(kind, leave)) return true;
    removed.push({ address, kind });
    return false;
  });
  return { records: left, removed };
}

function mayLeadTo(kind: Inward, { isPrivate, isNamed }: Leave): boolean {
  switch (kind) {
    case 'loopback':
    case 'private':
    case 'shared':
    case 'link_local':
    case 'reserved':
      return isPrivate;
    case 'metadata':
      return isNamed;
    // No destination, but a connect to it arrives somewhere.
    case 'unspecified':
    case 'multicast':
    case 'unknown':
      return false;
    default:
      return kind satisfies never;
  }
}
