/** How long a prompt is for. */
export type PeriodType = "weekly" | "monthly";

/** For whoever has not consented: nothing about the person is in it, nor chose it. */
export const GENERAL: Readonly<Record<PeriodType, string>> = {
  weekly:
    "Looking back on this week, which moment taught you most about how you want to lead your life, and what will you do differently because of it?",
  monthly:
    "Which choice of this month are you most glad you made, and what does it tell you about what matters to you now?",
};

/** One for each domain of the wheel of life, by the name of its column. */
const BY_DOMAIN: Readonly<Record<string, string>> = {
  health_fitness:
    "What is your body asking of you at the moment, and which small habit could answer it?",
  career_business:
    "Which part of your work gives you energy and which takes it, and what is one thing you could change about the second?",
  finances:
    "How do you feel when you think of money, and which single decision would bring you more calm?",
  relationships:
    "Which relationship would be different if you said what you really think, and what keeps you from it?",
  personal_growth:
    "What have you outgrown, and what do you want to learn in its place?",
  fun_recreation:
    "When did you last lose track of time because you enjoyed yourself, and how could you make room for more of it?",
  physical_environment:
    "Which place you spend time in weighs on you, and what would make it one you like to return to?",
  family_friends:
    "Whom would you like to be closer to, and what could be your first step towards them?",
  spirituality:
    "What gives you a sense of meaning, and how much room did it have lately?",
  romance:
    "What do you long for in love, and how do you show it to yourself or to your partner?",
  contribution:
    "Where could what you are good at make a difference to somebody else, and what would be a start?",
};

const OPENINGS: Readonly<Record<PeriodType, string>> = {
  weekly: "This week: ",
  monthly: "Looking at the month as a whole: ",
};

/** A prompt of ours about the domain with the lowest score; a general one where none has a score. */
export function fallbackPrompt(
  weakestDomain: string | null,
  periodType: PeriodType,
): string {
  const prompt = BY_DOMAIN[weakestDomain ?? ""];
  return prompt === undefined
    ? GENERAL[periodType]
    : OPENINGS[periodType] + prompt.charAt(0).toLowerCase() + prompt.slice(1);
}
