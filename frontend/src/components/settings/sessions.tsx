"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { formatDistance, max } from "date-fns";
import dynamic from "next/dynamic";
import { MonitorSmartphone } from "lucide-react";
import { useState } from "react";
import { useAuth } from "@/components/providers/auth-provider";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { authClient, AuthError, dataOf, type Session } from "@/lib/auth";
import { deviceName } from "@/lib/device";
import { leaveFor } from "@/lib/leave";
import { sendAllDeletes } from "@/lib/pending-deletes";
import { LOGIN } from "@/lib/routes";
import { sayError, toasts } from "@/lib/toasts";
import { useNow } from "@/lib/use-now";
import { LogInAgain } from "./log-in-again";
import { Section } from "./section";

type DeviceSession = Session["session"];

const SignOutEverywhere = dynamic(async () => (await import("./sign-out-everywhere")).SignOutEverywhere, {
  ssr: false,
});

/** Where the person is signed in, and a way to end that. */
export function Sessions({ userId }: { userId: string }) {
  const { session: own, refresh } = useAuth();
  const client = useQueryClient();
  const now = useNow();
  const [asking, setAsking] = useState(false);
  const key = ["sessions", userId];
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: async () => (await dataOf(authClient.listSessions())) ?? [],
  });
  const revoke = useMutation({
    mutationFn: (session: DeviceSession) => dataOf(authClient.revokeSession({ token: session.token })),
    onSuccess: (_answer, session) => {
      client.setQueryData<DeviceSession[]>(key, (sessions) => sessions?.filter(({ id }) => id !== session.id));
      toasts.add({ title: `Signed out ${deviceName(session.userAgent)}` });
    },
    onError: sayError,
  });

  const signOutEverywhere = async () => {
    setAsking(false);
    try {
      await sendAllDeletes();
      await dataOf(authClient.revokeSessions());
      leaveFor(LOGIN);
    } catch (refusal) {
      sayError(refusal);
      await refresh();
    }
  };

  const notFresh = error instanceof AuthError && error.code === "SESSION_NOT_FRESH";
  const ownFirst = data?.toSorted(
    (a, b) => Number(b.id === own?.id) - Number(a.id === own?.id) || +b.updatedAt - +a.updatedAt,
  );

  return (
    <Section title="Sessions" text="Where you are signed in. End what you do not know.">
      {notFresh ? (
        <LogInAgain text="For your safety, this list needs a sign-in of the last 24 hours." />
      ) : error !== null && data === undefined ? (
        <>
          <p className="mb-3 text-danger">{error.message}</p>
          <Button onClick={() => void refetch()}>Try again</Button>
        </>
      ) : ownFirst === undefined ? (
        <Skeleton rows={2} label="Loading your sessions" />
      ) : (
        <ul aria-label="Sessions" className="flex flex-col divide-y divide-line">
          {ownFirst.map((session) => {
            const device = deviceName(session.userAgent);
            const isOwn = session.id === own?.id;
            return (
              <li key={session.id} className="flex items-center gap-3 py-3 first:pt-0">
                <MonitorSmartphone aria-hidden size={20} className="shrink-0 text-soft" />
                <div className="min-w-0 flex-1">
                  <p className="font-medium">
                    {device}
                    {isOwn && (
                      <span className="ml-2 inline-block rounded-md bg-accent-tint px-2 py-0.5 text-xs font-medium text-accent-strong">
                        This device
                      </span>
                    )}
                  </p>
                  <p className="text-sm text-soft">
                    {session.ipAddress || "Unknown address"} · signed in{" "}
                    <time dateTime={session.createdAt.toISOString()}>
                      {formatDistance(session.createdAt, max([now, session.createdAt]), { addSuffix: true })}
                    </time>
                  </p>
                </div>
                {!isOwn && (
                  <Button
                    size="small"
                    aria-label={`Revoke ${device}`}
                    isBusy={revoke.isPending}
                    onClick={() => revoke.mutate(session)}
                  >
                    Revoke
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <Button look="danger" className="mt-4" onClick={() => setAsking(true)}>
        Sign out everywhere
      </Button>
      {asking && <SignOutEverywhere onCancel={() => setAsking(false)} onConfirm={() => void signOutEverywhere()} />}
    </Section>
  );
}
