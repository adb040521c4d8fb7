using System.Runtime.CompilerServices;
using Rollouts.Manifests.Fields;
using Rollouts.Manifests.Lint;

namespace Rollouts.Tests.Readme;

/// <summary>
/// The tables of the README that say what the code does are made from the code. Where one differs, run this class again with
/// <c>ROLLOUTS_WRITE_README=1</c> in the environment, which writes them.
/// </summary>
public sealed class ReadmeTests
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("ROLLOUTS_WRITE_README") == "1";

    // Two tables of one file, written one after the other.
    private static readonly Lock Writing = new();

    [Fact]
    public void Fields_Table_IsWhatTheReaderHas() => Check("fields", FieldTable.Markdown(ManifestFields.All));

    [Fact]
    public void Lint_Table_IsTheRules() =>
        Check("lint", string.Concat(LintRules.All.Select(r => $"| `{r.Name}` | {r.Summary} |\n").Prepend("| rule | warns of |\n| --- | --- |\n")));

    private static void Check(string section, string expected)
    {
        string file = Path.GetFullPath(Path.Combine(Folder(), "../../../README.md"));
        (string begin, string end) = ($"<!-- {section}: made from the code by ReadmeTests -->\n", $"<!-- {section}: end -->");
        lock (Writing)
        {
            string text = File.ReadAllText(file);
            int start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
            int stop = text.IndexOf(end, StringComparison.Ordinal);
            Assert.True(start >= begin.Length && stop >= start, $"README.md has no section between {begin.Trim()} and {end}");
            if (Writes)
                File.WriteAllText(file, string.Concat(text.AsSpan(0, start), expected, text.AsSpan(stop)));
            else
                Assert.True(text[start..stop] == expected, Difference(text[start..stop], expected));
        }
    }

    private static string Difference(string written, string expected)
    {
        string[] there = written.Split('\n');
        string[] made = expected.Split('\n');
        return "README.md differs from the code; write it by ROLLOUTS_WRITE_README=1 tests/Rollouts.Tests/bin/Debug/net10.0/Rollouts.Tests --filter-class '*ReadmeTests'. "
            + $"Only in README.md: {string.Join(" ", there.Except(made).Take(3))} Only in the code: {string.Join(" ", made.Except(there).Take(3))}";
    }

    private static string Folder([CallerFilePath] string beside = "") => Path.GetDirectoryName(beside)!;
}
