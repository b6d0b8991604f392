// Runs before the first paint, so that a dark screen never flashes white.
(function () {
  let chosen = null;
  try {
    chosen = localStorage.getItem('countersign.appearance');
  } catch {
    // Storage can be switched off; the system's preference holds then.
  }
  const dark =
    chosen === 'dark' ||
    (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light';
})();
