using System.Text;
using Rollouts.Manifests.Fields;

namespace Rollouts.Tests.Readme;

/// <summary>The reader's tables as one of Markdown's for each kind of document. A field that is not read stands for all below it.</summary>
internal static class FieldTable
{
    public static string Markdown(IReadOnlyList<FieldSet> sets)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, FieldSet> kind in sets.GroupBy(s => s.Kind))
        {
            string heading = kind.Key switch
            {
                "AnalysisTemplate" => "AnalysisTemplate, ClusterAnalysisTemplate",
                "RolloutPolicy" => "RolloutPolicy, which Argo does not have",
                var other => other,
            };
            text.Append($"\n**{heading}**\n\n| field | | |\n| --- | --- | --- |\n");
            foreach ((string path, KnownField field) in kind.SelectMany(s => s.Fields.Select(f => (Path(s, f), f))))
                text.Append($"| `{path}` | {Treatment(kind.Key, field)} | {Escaped(field.Note)} |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Path(FieldSet set, KnownField field) => set.Path.Length == 0 ? field.Name : $"{set.Path}.{field.Name}";

    private static string Treatment(string kind, KnownField field) => field.Treatment switch
    {
        FieldTreatment.Supported when kind == "RolloutPolicy" => "supported beyond Argo",
        FieldTreatment.Supported => "supported",
        FieldTreatment.Beyond => "supported beyond Argo",
        FieldTreatment.NoMeaning or FieldTreatment.Ignored => "accepted, no meaning here",
        FieldTreatment.Refused => "refused",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Treatment, "no word for it"),
    };

    private static string Escaped(string note) => note.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
