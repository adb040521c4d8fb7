namespace Rollouts.Analysis.Arguments;

/// <summary>
/// The value of each argument that the templates of an analysis declare (Argo's <c>flattenArgs</c> and <c>MergeArgs</c>): the rollout's value
/// wins over a template's default, what no template declares is left out, and every declared argument needs a value.
/// </summary>
internal static class ArgumentValues
{
    public static IReadOnlyDictionary<string, string> Merge(
        IEnumerable<AnalysisTemplate> templates,
        IReadOnlyList<AnalysisArgument> args,
        string? stableHash,
        string? canaryHash,
        List<ArgumentProblem> problems)
    {
        var declared = new Dictionary<string, (string? Value, string Template)>(StringComparer.Ordinal);
        foreach (AnalysisTemplate template in templates)
        {
            string key = KeyOf(template);
            foreach (TemplateArgument arg in template.Args)
            {
                if (!declared.TryGetValue(arg.Name, out (string? Value, string Template) known) || known.Value is null)
                {
                    declared[arg.Name] = (arg.Value, key);
                }
                else if (arg.Value is not null && arg.Value != known.Value)
                {
                    problems.Add(new ArgumentProblem(
                        key,
                        null,
                        $"args.{arg.Name}",
                        $"Argument `{arg.Name}` specified multiple times with different values: '{known.Value}', '{arg.Value}' (the first in template '{known.Template}'); templates used together must agree on a default"));
                }
            }
        }

        var given = new Dictionary<string, AnalysisArgument>(StringComparer.Ordinal);
        foreach (AnalysisArgument arg in args)
        {
            given[arg.Name] = arg;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, (string? byDefault, string template)) in declared)
        {
            AnalysisArgument? arg = given.GetValueOrDefault(name);
            string? value = arg?.Value ?? arg?.PodTemplateHash switch
            {
                PodTemplateHash.Stable => stableHash,
                PodTemplateHash.Latest => canaryHash,
                _ => byDefault,
            };
            if (value is not null)
            {
                values[name] = value;
            }
            else
            {
                problems.Add(new ArgumentProblem(arg is null ? template : "", null, $"args.{name}", $"args.{name} was not resolved: {WhyNot(arg)}"));
            }
        }

        return values;
    }

    public static string KeyOf(AnalysisTemplate template) => new TemplateReference(template.Name, template.ClusterScope).Key;

    private static string WhyNot(AnalysisArgument? arg) => arg?.PodTemplateHash switch
    {
        PodTemplateHash.Stable => "the stable service's selector names no pod-template hash; give the argument a value",
        PodTemplateHash.Latest => "the canary service's selector names no pod-template hash; give the argument a value",
        _ => "it has no default, so the analysis must give it a value",
    };
}
