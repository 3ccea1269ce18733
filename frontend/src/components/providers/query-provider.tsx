"use client";

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { ApiError } from "@/lib/api";
import { AuthError } from "@/lib/auth";
import { useAuth } from "./auth-provider";

/** Whether the same request may well succeed a moment later. */
function mayPass(error: Error | null): boolean {
  return error instanceof AuthError
    ? error.status === 0 || error.status >= 500
    : error instanceof ApiError && error.passing;
}

/** Whether trying once more may help, and has not been tried enough. */
function again(failures: number, error: Error): boolean {
  return failures < 2 && mayPass(error);
}

/** Whether the API doubts who is asking. */
function aboutSession(error: Error): boolean {
  return error instanceof ApiError
    ? error.status === 401 || error.code === "access_denied"
    : error instanceof AuthError && error.status === 401;
}

export function QueryProvider({ children }: { children: ReactNode }) {
  const { refresh } = useAuth();
  const [client] = useState(() => {
    const onError = (error: Error) => {
      if (aboutSession(error)) {
        void refresh();
      }
    };
    return new QueryClient({
      queryCache: new QueryCache({ onError }),
      mutationCache: new MutationCache({ onError }),
      defaultOptions: {
        // A request says more about the network than the browser does, so none waits for `online`.
        queries: {
          networkMode: "always",
          staleTime: 20_000,
          retry: again,
          retryDelay: (failures) => 400 * 2 ** failures,
          refetchInterval: (query) => (mayPass(query.state.error) ? 4_000 : false),
        },
        mutations: { networkMode: "always", retry: again, retryDelay: (failures) => 400 * 2 ** failures },
      },
    });
  });
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
