/** msgpackr for pages whose policy forbids eval: the same, but its author gives no declarations under this name. */
declare module "msgpackr/index-no-eval" {
  export { addExtension, Packr, RESET_BUFFER_MODE, REUSE_BUFFER_MODE, Unpackr } from "msgpackr";
}
