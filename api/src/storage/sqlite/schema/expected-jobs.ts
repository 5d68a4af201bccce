export const createExpectedJobs = `
CREATE TABLE expected_jobs (
  job TEXT NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
