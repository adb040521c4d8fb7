namespace Rollouts.Analysis.Arguments;

/// <summary>
/// The value of each argument that the templates of an analysis declare (Argo's <c>flattenArgs</c> and <c>MergeArgs</c>): the rollout's value
/// wins over a template's default, what no template declares is left out, and every declared argument needs a value.
/// </summary>
internal static class ArgumentValues
{
    public static MergedArguments Merge(
        IEnumerable<AnalysisTemplate> templates, IReadOnlyList<AnalysisArgument> args, AnalysisContext context, List<ArgumentProblem> problems)
    {
        Dictionary<string, (TemplateArgument Argument, string Template)> declared = Declared(templates, problems);
        var given = new Dictionary<string, AnalysisArgument>(StringComparer.Ordinal);
        foreach (AnalysisArgument arg in args)
        {
            given[arg.Name] = arg;
        }

        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var secrets = new SortedDictionary<string, SecretReference>(StringComparer.Ordinal);
        foreach ((string name, (TemplateArgument argument, string template)) in declared)
        {
            AnalysisArgument? arg = given.GetValueOrDefault(name);
            if (argument.Secret is { } secret)
            {
                secrets[name] = secret;
                if (arg is not null)
                {
                    problems.Add(new ArgumentProblem(
                        "",
                        null,
                        $"args.{name}",
                        $"args.{name} is a secret in template '{template}'; a value given to it would stand in the open, so leave it out"));
                }
            }
            else if ((arg is null ? Default(argument, context) : Given(arg, argument, context)) is { } value)
            {
                values[name] = value;
            }
            else
            {
                problems.Add(new ArgumentProblem(
                    arg is null ? template : "", null, $"args.{name}", $"args.{name} was not resolved: {WhyNot(arg, argument)}"));
            }
        }

        return new MergedArguments(values, secrets);
    }

    public static string KeyOf(AnalysisTemplate template) => new TemplateReference(template.Name, template.ClusterScope).Key;

    private static Dictionary<string, (TemplateArgument Argument, string Template)> Declared(
        IEnumerable<AnalysisTemplate> templates, List<ArgumentProblem> problems)
    {
        var declared = new Dictionary<string, (TemplateArgument Argument, string Template)>(StringComparer.Ordinal);
        foreach (AnalysisTemplate template in templates)
        {
            string key = KeyOf(template);
            foreach (TemplateArgument arg in template.Args)
            {
                if (!declared.TryGetValue(arg.Name, out (TemplateArgument Argument, string Template) known) || !HasSource(known.Argument))
                {
                    declared[arg.Name] = (arg, key);
                }
                else if (arg.Value is not null && known.Argument.Value is { } first && arg.Value != first)
                {
                    problems.Add(new ArgumentProblem(
                        key,
                        null,
                        $"args.{arg.Name}",
                        $"Argument `{arg.Name}` specified multiple times with different values: '{first}', '{arg.Value}' (the first in template '{known.Template}'); templates used together must agree on a default"));
                }
                else if (arg.Secret is not null && arg.Secret != known.Argument.Secret)
                {
                    problems.Add(new ArgumentProblem(
                        key,
                        null,
                        $"args.{arg.Name}",
                        $"Argument `{arg.Name}` is a secret here and something else in template '{known.Template}'; templates used together must agree on it"));
                }
            }
        }

        return declared;
    }

    private static bool HasSource(TemplateArgument arg) => arg.Value is not null || arg.Secret is not null || arg.FieldPath is not null;

    private static string? Default(TemplateArgument arg, AnalysisContext context) =>
        arg.Value ?? (arg.FieldPath is { } path ? context.Fields.GetValueOrDefault(path) : null);

    private static string? Given(AnalysisArgument arg, TemplateArgument argument, AnalysisContext context) => arg switch
    {
        { Value: { } value } => value,
        { PodTemplateHash: PodTemplateHash.Stable } => context.StableHash,
        { PodTemplateHash: PodTemplateHash.Latest } => context.CanaryHash,
        { FieldPath: { } path } => context.Fields.GetValueOrDefault(path),
        _ => Default(argument, context),
    };

    private static string WhyNot(AnalysisArgument? arg, TemplateArgument argument) => arg?.PodTemplateHash switch
    {
        PodTemplateHash.Stable => "the stable service's selector names no pod-template hash; give the argument a value",
        PodTemplateHash.Latest => "the canary service's selector names no pod-template hash; give the argument a value",
        _ when (arg?.FieldPath ?? argument.FieldPath) is { } path => $"the Rollout has no field {path}",
        _ => "it has no default, so the analysis must give it a value",
    };
}
