namespace Rollouts.Cli.Output;

/// <summary>Columns as programs of the command line print them: a line each, easy to cut apart, however wide the terminal is.</summary>
internal static class TextTable
{
    public static void Print(TextWriter to, IReadOnlyList<string> header, IEnumerable<string[]> rows)
    {
        IReadOnlyList<string>[] lines = [header, .. rows];
        int[] widths = [.. header.Select((_, column) => lines.Max(l => l[column].Length))];
        foreach (IReadOnlyList<string> line in lines)
        {
            to.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
