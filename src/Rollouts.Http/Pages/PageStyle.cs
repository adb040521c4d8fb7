namespace Rollouts.Http.Pages;

/// <summary>The style that all pages share: light and dark, readable on a phone, focus always to be seen.</summary>
internal static class PageStyle
{
    public static InlineAsset Asset { get; } = InlineAsset.FromCode(
        """
        :root {
          color-scheme: light dark;
          --paper: #ffffff; --ink: #1b1f24; --faint: #57606a; --line: #d0d7de; --raised: #f6f8fa;
          --accent: #0757b5; --good: #116329; --bad: #a40e26; --unclear: #7a4b00;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #0d1117; --ink: #e6edf3; --faint: #9aa4af; --line: #30363d; --raised: #161b22;
            --accent: #79b8ff; --good: #56d364; --bad: #ff8a80; --unclear: #e3b341;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
        main { max-width: 52rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; }
        h2 { font-size: 1.125rem; margin: 1.5rem 0 .5rem; }
        a { color: var(--accent); }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        .scroll { overflow-x: auto; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .faint { color: var(--faint); }
        .good { color: var(--good); } .bad { color: var(--bad); } .unclear { color: var(--unclear); }
        .box { background: var(--raised); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; }
        img { max-width: 100%; height: auto; }
        label { display: block; margin: .75rem 0 .25rem; }
        input[type=text], textarea, select { width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--faint); border-radius: .375rem; padding: .5rem; }
        button { font: inherit; font-weight: 600; padding: .5rem 1rem; border-radius: .375rem; border: 1px solid var(--accent); background: var(--paper); color: var(--accent); cursor: pointer; }
        button.danger { border-color: var(--bad); color: var(--bad); }
        .buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        """);
}
