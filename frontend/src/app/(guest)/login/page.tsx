import type { Metadata } from "next";
import { AuthCard } from "@/components/auth/auth-card";
import { LoginForm } from "@/components/auth/login-form";
import { Reason } from "@/components/auth/reason";

export const metadata: Metadata = { title: "Log in" };

// Here, as what a page for visitors says itself is in its HTML and costs no script.
const REASONS = {
  ended: "Your session has ended. Log in to go on where you were.",
  "signed-out": "You have signed out in another tab.",
  reset: "Your new password is set, and every device is signed out. Log in with it.",
  deleted: "Your account is deleted.",
};

export default function LoginPage() {
  return (
    <AuthCard
      title="Log in"
      intro={<Reason reasons={REASONS} otherwise="Welcome back." />}
      other={{ question: "New here?", label: "Sign up", page: "/signup" }}
    >
      <LoginForm
        forgot={
          <a href="/forgot-password" className="text-sm font-medium text-accent underline underline-offset-4">
            Forgot your password?
          </a>
        }
      />
    </AuthCard>
  );
}
