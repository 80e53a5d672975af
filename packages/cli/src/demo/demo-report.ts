import type { Check, Latency, SimulationReport } from '@counterfoil/provider-simulator';
import type {
  Account,
  Card,
  Invoice,
  OrderView,
  ReviewView,
  SuspenseEntry,
} from '@counterfoil/read-models';

/** Deliveries as sent, and how the archive counts them. */
export type ProviderCounts = Readonly<{
  delivered: number;
  late: number;
  duplicates: number;
  variants: number;
  refused: number;
  quarantined: number;
}>;

export type QuarantinedWebhook = Readonly<{
  id: string;
  provider: string;
  status: string;
  reason: Readonly<{ code: string; path: string; message: string }> | null;
}>;

/** What the read models say at the end, as the API answers it. */
export type Books = Readonly<{
  accounts: readonly Account[];
  cards: readonly Card[];
  invoices: readonly Invoice[];
  payouts: readonly OrderView[];
  withdrawals: readonly OrderView[];
  suspense: readonly SuspenseEntry[];
  quarantine: readonly QuarantinedWebhook[];
  reviews: readonly ReviewView[];
}>;

/** The one document of `--json`. */
export type DemoReport = Readonly<{
  ok: boolean;
  providers: Readonly<Record<string, ProviderCounts>>;
}> &
  Books &
  Readonly<{
    latency: Readonly<{ acknowledgementMs: Latency; authorizationMs: Latency }>;
    /** What came after the stories: in nothing above but in `verify` and `checks` below. */
    simulation: SimulationReport;
    verify: Readonly<{ events: number; drift: number }>;
    checks: readonly Check[];
  }>;
