/* Sets light or dark before the first paint; the kit keeps the choice under the same name. */
(function () {
  var kept = localStorage.getItem('mantine-color-scheme-value');
  var isDark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
})();
