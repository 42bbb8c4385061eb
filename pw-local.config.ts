import base from './playwright.config';
export default { ...base, testDir: '/tmp/wt-J/e2e', outputDir: '/tmp/helperJ/results', webServer: undefined, use: { ...base.use, baseURL: 'http://localhost:4391/', trace: 'off' } };
