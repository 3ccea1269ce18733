import type { Metadata } from "next";
import { AuthCard } from "@/components/auth/auth-card";
import { ForgotPasswordForm } from "@/components/auth/forgot-password-form";

export const metadata: Metadata = { title: "Forgot password" };

export default function ForgotPasswordPage() {
  return (
    <AuthCard
      title="Forgot your password?"
      intro="Say which address you log in with, and a link to set a new one comes by mail."
      other={{ question: "Remembered it?", label: "Log in", page: "/login" }}
    >
      <ForgotPasswordForm />
    </AuthCard>
  );
}
