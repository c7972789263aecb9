/** Why something cannot be taken back so; the shape of the own API's field problems. */
export interface PlanProblem {
  /** JSON pointer into what was asked. */
  pointer: string;
  rule: string;
  tag: number;
  /** Russian. */
  detail: string;
  /** English. */
  detail_en: string;
  /** What would be right. */
  suggestion?: { value: string; ru: string; en: string };
}
