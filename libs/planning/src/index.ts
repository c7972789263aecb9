/** The farm's planning by night: when FNs end, what loads need, how much room is left. */
export { NightlyPlanning, type PlanningPorts, type PlanningReport, planningStartHour } from './nightly';
export { groupNeed } from './group-need';
export { tellDriftedNeeds } from './need-news';
