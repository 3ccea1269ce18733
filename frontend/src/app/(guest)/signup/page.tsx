import type { Metadata } from "next";
import { AuthCard } from "@/components/auth/auth-card";
import { SignupForm } from "@/components/auth/signup-form";

export const metadata: Metadata = { title: "Sign up" };

export default function SignupPage() {
  return (
    <AuthCard
      title="Sign up"
      intro="An email address and a password are all it takes."
      other={{ question: "Already have an account?", label: "Log in", page: "/login" }}
    >
      <SignupForm />
    </AuthCard>
  );
}
