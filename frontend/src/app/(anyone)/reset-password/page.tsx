import type { Metadata } from "next";
import { AuthCard } from "@/components/auth/auth-card";
import { ResetPasswordForm } from "@/components/auth/reset-password-form";

export const metadata: Metadata = { title: "New password" };

export default function ResetPasswordPage() {
  return (
    <AuthCard
      title="Set a new password"
      intro="It signs you out everywhere; then you log in with it."
      other={{ question: "Remembered the old one?", label: "Log in", page: "/login" }}
    >
      <ResetPasswordForm />
    </AuthCard>
  );
}
