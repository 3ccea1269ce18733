import { useCallback, useEffect, useRef } from "react";
import { useAuth } from "@/components/providers/auth-provider";
import { queryValue, safeTarget } from "@/lib/routes";

/**
 * Leads whoever is signed in to the page they wanted. A whole new page, not a step of the router: nothing that was
 * fetched for a visitor without a session is kept.
 */
export function useLeaveWhenSignedIn(): () => void {
  const { isAuthenticated } = useAuth();
  const leaving = useRef(false);
  const leave = useCallback(() => {
    if (!leaving.current) {
      leaving.current = true;
      window.location.replace(safeTarget(queryValue(window.location.search.slice(1), "redirect")));
    }
  }, []);
  useEffect(() => {
    if (isAuthenticated) {
      leave();
    }
  }, [isAuthenticated, leave]);
  return leave;
}
