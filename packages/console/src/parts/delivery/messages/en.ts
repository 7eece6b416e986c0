export default {
  "state.waiting": "Waiting for the run",
  "state.due": "Due",
  "state.delivered": "Delivered",
  "state.failed": "Failed",
  "state.disabled": "Disabled",
  attempts: "Attempts",
  "attempt.title": "Attempt {number}",
  "attempt.took": "took {duration}",
  "attempt.next": "Next {when}",
} as const;
